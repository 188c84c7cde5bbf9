"""The demo bank's three maps, as documents of the map file's format."""

from reports.demo.maps import account, dispute, mortgage

MAPS = (account.MAP, mortgage.MAP, dispute.MAP)
