"""What the reports keep."""

from reports.report_models import Export as Export
from reports.report_models import Report as Report
from reports.report_models import ReportChange as ReportChange
