"""What the reports keep."""

from reports.report_models import Export as Export
from reports.report_models import Report as Report
from reports.report_models import ReportChange as ReportChange
from reports.schedule_models import Schedule as Schedule
from reports.schedule_models import Sending as Sending
