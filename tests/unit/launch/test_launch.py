"""Setting up and keeping going: plain sentences, nothing half-made."""

import socket
import stat
import sys
from pathlib import Path

import pytest

from launch import environments, ports, python310, settings
from launch.problem import Problem
from launch.steps import run

ROOT = Path(__file__).resolve().parents[3]


def test_secrets_are_made_once_and_only_their_owner_may_read_them(tmp_path):
    first = settings.gather(tmp_path, tmp_path / "var", {})
    again = settings.gather(tmp_path, tmp_path / "var", {})
    assert first["FIELD_KEYS"] == again["FIELD_KEYS"]
    assert stat.S_IMODE((tmp_path / "var" / "local.env").stat().st_mode) == 0o600


def test_the_environment_wins_over_the_file_and_the_file_over_what_was_made_up(tmp_path):
    (tmp_path / ".env").write_text("SECRET_KEY='from the file'\n# a remark\nTIMEZONE=America/Denver\nPORT=\n")
    gathered = settings.gather(tmp_path, tmp_path / "var", {"TIMEZONE": "America/Chicago"})
    assert gathered["SECRET_KEY"] == "from the file"
    assert gathered["TIMEZONE"] == "America/Chicago"
    assert "PORT" not in gathered


def test_a_line_of_the_file_that_is_no_setting_is_named(tmp_path):
    (tmp_path / ".env").write_text("PORT=1\nwhat is this\n")
    with pytest.raises(Problem, match="line 2"):
        settings.gather(tmp_path, tmp_path / "var", {})


def test_half_of_twilio_s_settings_is_an_error_that_names_the_rest():
    with pytest.raises(Problem, match="TWILIO_AUTH_TOKEN, TWILIO_FROM"):
        settings.is_simulated({"TWILIO_ACCOUNT_SID": "AC1"})


def test_a_port_that_is_taken_is_said_by_number_and_name():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=rf"Port {port} \(RASA_PORT\) is taken"):
            ports.choose({"PORT": str(_free()), "RASA_PORT": str(port)})


def test_ports_nobody_set_are_found_and_all_differ():
    chosen = ports.choose({"PORT": str(_free())})
    assert len(set(chosen.values())) == 4


@pytest.mark.parametrize("value", ["0", "70000", "http", "-1"])
def test_what_is_no_port_is_said(value):
    with pytest.raises(Problem, match="between 1 and 65535"):
        ports.choose({"PORT": value})


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_python_310_that_only_pretends_is_passed_over(tmp_path):
    shim = tmp_path / "python3.10"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    assert not python310.runs(str(shim))


def test_no_python_310_anywhere_is_a_sentence_that_says_how_to_get_one(tmp_path):
    with pytest.raises(Problem, match="uv python install 3.10"):
        python310.find({"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_a_full_disk_is_a_sentence(tmp_path):
    with pytest.raises(Problem, match="not enough room"):
        environments.check_space(tmp_path, 10**18)


def test_an_environment_whose_making_was_cut_short_is_not_taken_for_whole(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text("")
    (tmp_path / "made" / "bin").mkdir(parents=True)
    assert not environments.made_from(tmp_path / "made", [lock])


def test_a_step_that_fails_says_the_end_of_what_it_said(tmp_path):
    failing = [sys.executable, "-c", "print('first'); print('the reason'); raise SystemExit(3)"]
    with pytest.raises(Problem, match="the reason"):
        run("Trying ...", failing, tmp_path / "step.log", tmp_path)
