"""What the filter bar of a journey's pages offers (painpoints/filters.py)."""

from painpoints.filters import chosen_filters as chosen_filters
from painpoints.filters import filters_of as filters_of
from painpoints.filters import last_day as last_day
