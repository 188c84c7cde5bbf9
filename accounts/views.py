"""Pages of workspaces, members and API tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import Permission, Role, get_workspace
from accounts.forms import MemberForm, RoleForm, TokenForm, WorkspaceForm
from accounts.models import User
from accounts.tokens import create_token


@login_required
@require_http_methods(["GET", "POST"])
def workspace_new(request: HttpRequest) -> HttpResponse:
    """Opens a workspace of one's own."""
    form = WorkspaceForm(request.POST or None, initial={"timezone": "UTC"})
    if request.method == "POST" and form.is_valid():
        user = request.user
        assert isinstance(user, User)
        workspace, _owner, _password = actions.create_workspace(
            slug=form.cleaned_data["slug"],
            name=form.cleaned_data["name"],
            timezone=form.cleaned_data["timezone"],
            owner_email=user.email,
        )
        messages.success(request, _("The workspace “%s” is ready.") % workspace.name)
        return redirect("reports:portfolio", workspace.slug)
    return render(request, "accounts/workspace_new.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def workspace_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, time zone, people and tokens of the workspace."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    form = WorkspaceForm(request.POST or None, instance=workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("workspace_settings", slug)
    members = workspace.memberships.select_related("user").order_by("user__email")
    return render(
        request,
        "accounts/settings.html",
        {
            "form": form,
            "member_form": MemberForm(),
            "token_form": TokenForm(),
            "members": members,
            "roles": Role.choices,
            "tokens": workspace.tokens.filter(revoked_at=None).select_related("user"),
            "new_token": request.session.pop("new_token", None),
            "new_login": request.session.pop("new_login", None),
        },
    )


@login_required
@require_POST
def member_add(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    form = MemberForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("workspace_settings", slug)
    try:
        member, password = actions.add_member(workspace=workspace, **form.cleaned_data)
    except actions.AccountError as error:
        messages.error(request, str(error))
        return redirect("workspace_settings", slug)
    if password:
        request.session["new_login"] = {"email": member.user.email, "password": password}
    messages.success(request, _("%s is a member now.") % member.user.email)
    return redirect("workspace_settings", slug)


@login_required
@require_POST
def member_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    member = get_object_or_404(workspace.memberships, pk=pk)
    form = RoleForm(request.POST)
    try:
        if not form.is_valid():
            raise actions.AccountError(_("Choose one of the roles in the list."))
        actions.change_role(membership=member, role=form.cleaned_data["role"])
    except actions.AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The role of %s is changed.") % member.user.email)
    return redirect("workspace_settings", slug)


@login_required
@require_POST
def member_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    member = get_object_or_404(workspace.memberships, pk=pk)
    try:
        actions.remove_member(membership=member)
    except actions.AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%s is no longer a member.") % member.user.email)
    return redirect("workspace_settings", slug)


@login_required
@require_POST
def token_add(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    form = TokenForm(request.POST)
    if form.is_valid():
        user = request.user
        assert isinstance(user, User)
        _row, text = create_token(workspace=workspace, user=user, **form.cleaned_data)
        request.session["new_token"] = text
    else:
        messages.error(request, _("Say in a few words what the token is for."))
    return redirect("workspace_settings", slug)


@login_required
@require_POST
def token_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    token = get_object_or_404(workspace.tokens, pk=pk)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    messages.success(request, _("The token “%s” no longer works.") % token.name)
    return redirect("workspace_settings", slug)
