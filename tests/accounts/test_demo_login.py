from accounts.demo_login import FILE, demo_password


def test_the_password_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    password = demo_password(tmp_path)
    assert demo_password(tmp_path) == password
    assert len(password) == 14
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_another_home_has_another_password(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert demo_password(tmp_path / "a") != demo_password(tmp_path / "b")
