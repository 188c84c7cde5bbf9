"""Where a person belongs, as the frame of every page tells it."""

from functools import cache

from accounts.models import Membership, Notification, User, Workspace
from accounts.written import columns_of, found


def memberships_of(user_id: int) -> list[Membership]:
    """All of them, by the workspace's name; each with its workspace and user, and with how many
    notifications the person has not read there, as `unread`."""
    mine = []
    rows = found(_statement(), [user_id], Membership, Workspace, User)
    for membership, workspace, user, unread in rows:
        membership.workspace, membership.user, membership.unread = workspace, user, unread
        mine.append(membership)
    return mine


@cache
def _statement() -> str:
    member, workspace, user, note = (
        f'"{model._meta.db_table}"' for model in (Membership, Workspace, User, Notification)
    )
    return (
        f"SELECT {columns_of(Membership, Workspace, User)}, "
        f"(SELECT count(*) FROM {note} WHERE {note}.workspace_id = {member}.workspace_id "
        f"AND {note}.user_id = {member}.user_id AND {note}.read_at IS NULL) "
        f"FROM {member} JOIN {workspace} ON {workspace}.id = {member}.workspace_id "
        f"JOIN {user} ON {user}.id = {member}.user_id "
        f"WHERE {member}.user_id = %s ORDER BY {workspace}.name"
    )
