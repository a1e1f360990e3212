"""What operators install beside the bot: the dashboard, the alerts and the nightly backup speak of what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.watch.metrics import Metrics

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
ALERTS = (DEPLOY / "alerts.yml").read_text("utf-8")
BOARD = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
SERVICE, TIMER = DEPLOY / "easel-backup.service", DEPLOY / "easel-backup.timer"
NAMED = re.compile(r"\b(?:easel|process)_\w+")
RULE = re.compile(r"- alert: (\w+)\n\s+expr: (>-\n(?:\s{10,}.+\n)+|.+\n)((?:\s{8}.+\n)+)")


def known() -> dict[str, set[str]]:
    """Every series that there can be, with its labels."""
    metrics = Metrics()
    for own in vars(metrics).values():
        if getattr(own, "_labelnames", ()):
            own.labels(*own._labelnames)
    families = list(text_string_to_metric_families(metrics.expose().decode()))
    found = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    return found | {
        f"{family.name}_bucket": {*family.samples[0].labels} for family in families if family.type == "histogram"
    }


def panels() -> Iterator[dict[str, Any]]:
    yield from BOARD["panels"]


def questions() -> Iterator[tuple[str, str]]:
    """Whatever is asked of Prometheus, and where."""
    for panel in panels():
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])
    for note in BOARD["annotations"]["list"]:
        yield note["name"], note["expr"]
    for name, expression, _ in rules():
        yield name, expression


def rules() -> list[tuple[str, str, str]]:
    return [
        (name, " ".join(expression.removeprefix(">-").split()), rest) for name, expression, rest in RULE.findall(ALERTS)
    ]


@pytest.mark.parametrize(("where", "asked"), list(questions()), ids=lambda each: each[:30])
def test_what_is_asked_of_prometheus_is_told_by_the_bot_with_these_labels(where: str, asked: str):
    series = known()
    used = NAMED.findall(re.sub(r'"[^"]*"', '""', asked))
    assert set(used) <= set(series), where
    labels = set(re.findall(r"(\w+)\s*[!=]~?\s*\"", asked)) - {"job"}
    labels |= {name.strip() for names in re.findall(r"by \(([^)]*)\)", asked) for name in names.split(",")}
    assert labels <= set().union(*(series[each] for each in used)), where


def test_every_number_that_the_bot_tells_of_itself_has_its_place_on_the_dashboard():
    shown = " ".join(expression for _, expression in questions())
    own = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known() if name.startswith("easel_")}
    assert {name for name in own if name not in shown} == set()


def test_the_dashboard_has_a_place_for_each_panel_and_lets_people_choose_their_prometheus():
    places = [(each["gridPos"]["x"], each["gridPos"]["y"]) for each in panels()]
    assert len(set(places)) == len(places) == len({each["id"] for each in panels()})
    assert all(each["gridPos"]["x"] + each["gridPos"]["w"] <= 24 for each in panels())
    assert {each["datasource"]["uid"] for each in panels()} == {"${datasource}"}


def test_every_alert_has_a_summary_and_a_grade_and_is_told_to_operators():
    names = re.findall(r"(?m)^\s+- alert: (\w+)$", ALERTS)
    assert [name for name, _, _ in rules()] == names
    assert len(names) > 8
    for name, _, rest in rules():
        assert re.search(r"severity: (page|warn)\}", rest), name
        assert re.search(r"summary: \S.+\.\n", rest), name
        assert f"`{name}`" in OPERATING, name


def test_a_backup_by_night_may_do_nothing_but_its_work_and_is_the_bots_own_user():
    file = RawConfigParser(strict=False)
    file.optionxform = str  # type: ignore[assignment,method-assign] # keys as they are written
    file.read(SERVICE)
    told = dict(file["Service"])
    assert told["ExecStart"].endswith("-m bot backup --config /etc/easel/config.toml")
    wanted = {"DynamicUser": "yes", "User": "easel", "StateDirectory": "easel", "ProtectSystem": "strict"}
    assert told | wanted == told
    assert told["EnvironmentFile"] == "/etc/easel/secrets"
    assert "Persistent=yes" in TIMER.read_text("utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_the_bot_well_fenced():
    fenced = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(DEPLOY / "easel.service")]
    assert subprocess.run(fenced, capture_output=True, check=False).returncode == 0


def test_the_container_writes_to_its_data_alone_and_can_become_nobody_else():
    said = (ROOT / "compose.yaml").read_text("utf-8").splitlines()
    tight = {"read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'}
    assert tight <= {line.strip() for line in said}
    assert [line for line in said if "ports:" in line or "privileged:" in line] == []
    assert "USER easel" in (ROOT / "Dockerfile").read_text("utf-8").splitlines()


def test_an_audit_that_could_ask_nobody_fails():
    [told] = re.findall(r"(?m)^audit:.*\n\t(.+)$", (ROOT / "Makefile").read_text("utf-8"))
    assert all(each in told for each in ("--strict", "--require-hashes", "$(wildcard requirements*.txt)"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_timer_and_finds_the_backup_well_fenced(tmp_path: Path):
    service, timer = tmp_path / SERVICE.name, tmp_path / TIMER.name
    service.write_text(SERVICE.read_text("utf-8").replace("/opt/easel/.venv/bin/python", sys.executable), "utf-8")
    timer.write_text(TIMER.read_text("utf-8"), "utf-8")
    read = subprocess.run(
        ["systemd-analyze", "verify", str(service), str(timer)], capture_output=True, text=True, check=False
    )
    assert (read.returncode, read.stderr) == (0, "")
    fenced = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(service)]
    assert subprocess.run(fenced, capture_output=True, check=False).returncode == 0


def test_nothing_of_the_bot_writes_its_log_to_a_file():
    writers = re.compile(r"FileHandler|SysLogHandler|basicConfig\([^)]*filename")
    found = [
        path.name
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
        if writers.search(path.read_text("utf-8"))
    ]
    assert found == []
