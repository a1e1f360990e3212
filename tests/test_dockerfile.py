"""What a container and a service are made of: the files hold, and the image works."""

import os
import re
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.dockerfile import probe, stages

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "deploy" / "easel.service"
BUILD, IMAGE = stages(ROOT / "Dockerfile")


def unit() -> dict[str, str]:
    """The [Service] section; of a key given twice the last."""
    file = RawConfigParser(strict=False)
    file.optionxform = str  # type: ignore[assignment,method-assign] # keys as they are written
    file.read(UNIT)
    return dict(file["Service"])


# -- the Dockerfile --------------------------------------------------------------------------------------------------


def test_what_builds_the_image_is_not_in_it():
    assert BUILD.name == "build"
    assert [step.copied[0] for step in IMAGE.steps if step.word == "COPY"].count("build") == 1
    assert "pip" not in " ".join(step.text for step in IMAGE.steps if step.word == "RUN")


def test_packages_come_by_their_hashes_alone():
    installs = [step.text for step in BUILD.steps if "pip install" in step.text]
    assert installs
    assert all("--require-hashes -r requirements.txt" in each for each in installs)


def test_it_runs_as_nobody_who_may_write_anywhere_but_to_its_volume():
    user, volume = IMAGE.last("USER"), IMAGE.last("VOLUME")
    assert user
    assert user.text not in {"root", "0"}
    assert volume
    assert volume.text == "/data"
    assert not [step for step in IMAGE.steps if step.word == "COPY" and "--chown" in step.text]


def test_nothing_is_copied_that_the_context_leaves_out():
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").split() if line.startswith("!")}
    copies = [step.copied for stage in (BUILD, IMAGE) for step in stage.steps if step.word == "COPY"]
    taken = {name for source, names, _ in copies if source is None for name in names}
    assert taken == sent
    assert all((ROOT / name).exists() for name in taken)


def test_its_health_check_asks_the_default_address_and_fails_where_nobody_answers():
    assert "('127.0.0.1', 8080" in " ".join(probe(IMAGE))
    python, *words = probe(IMAGE)
    broken = [re.sub("8080", "9", word) for word in words]
    assert python == "python"
    assert subprocess.run([sys.executable, *broken], capture_output=True, check=False).returncode != 0


def test_compose_takes_away_what_the_bot_does_not_need():
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    for line in (
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        'tmpfs: ["/tmp:size=256m,noexec,nosuid,nodev"]',
    ):
        assert re.search(rf"(?m)^    {re.escape(line)}$", compose), line
    assert re.search(r"(?m)^    stop_grace_period: 60s\b", compose)
    assert "ports:" not in compose


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root on Linux")
def test_the_image_is_built_starts_paints_is_healthy_and_ends_as_it_should():
    command = [sys.executable, "-m", "tests.rehearsal"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    if "leave to have namespaces" in done.stderr:
        pytest.skip("no namespaces here")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.endswith("== The image works.\n")
    assert "Traceback" not in done.stderr


# -- the unit --------------------------------------------------------------------------------------------------------


def test_the_service_may_do_nothing_but_its_work():
    told = unit()
    wanted = {"DynamicUser": "yes", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes"}
    assert told | wanted == told
    assert told["StateDirectory"] == "easel"
    assert told["WorkingDirectory"] == "%S/easel"
    assert told["CapabilityBoundingSet"] == ""


def test_the_service_is_given_time_to_end_and_starts_again_with_pauses():
    told = unit()
    wanted = {"KillMode": "mixed", "TimeoutStopSec": "60", "Restart": "on-failure", "RestartSec": "5"}
    assert told | wanted == told


def test_the_service_holds_no_secret():
    text = UNIT.read_text("utf-8")
    assert unit()["EnvironmentFile"] == "/etc/easel/secrets"
    assert not re.search(r"(?m)^Environment=.*(TOKEN|KEY)", text)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_service_and_finds_it_well_fenced(tmp_path: Path):
    file = tmp_path / "easel.service"
    file.write_text(UNIT.read_text("utf-8").replace("/opt/easel/.venv/bin/python", sys.executable), "utf-8")
    read = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False)
    unknown = re.findall(r"Unknown key(?: name)? '(\w+)'", read.stderr)
    assert set(unknown) <= {"RestartSteps", "RestartMaxDelaySec"}  # systemd before 254
    assert read.returncode == 0, read.stderr
    fenced = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(file)]
    assert subprocess.run(fenced, capture_output=True, check=False).returncode == 0
