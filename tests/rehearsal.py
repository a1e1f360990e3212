"""The Dockerfile without Docker: `python -m tests.rehearsal`, as root on Linux.

Every stage is this machine seen through an overlay, so its commands run as they stand and leave no trace. Then the
image runs as `compose.yaml` has it: as its own user, without capabilities, everything read-only but /data and /tmp, in
a network with nothing in it but the stand-ins. It has to paint a picture, to pass its health check, and to end by
SIGTERM with 0.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
import shutil
import socket
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox import Member, open_sandbox
from bot.sandbox.discord import seed
from tests.dockerfile import Stage, Step, probe, stages

ROOT = Path(__file__).parents[1]
DATA = "/data"
PATIENCE = 60.0
NEW_MOUNTS, NEW_NETWORK = 0x00020000, 0x40000000  # of unshare(2)
SET_FLAGS, UP = 0x8914, 0x1  # of netdevice(7)
DEVICES = {"null": 3, "zero": 5, "random": 8, "urandom": 9}
LETTERS = "from bot.pictures.lettering import Face; exit(Face(26).line('空をオレンジ色に', 999) != '空をオレンジ色に')"
OUTSIDE = ("PIP_", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy")
CONFIG = """
[discord]
api_url = "{0.api_url}"
gateway_url = "{0.gateway_url}"
cdn_hosts = ["{0.cdn_host}"]

[gemini]
base_url = "{0.gemini_url}"
"""


@dataclass
class Image:
    """A stage as it is built, at `root`."""

    stage: Stage
    root: Path
    env: dict[str, str]
    user: str = "root"
    workdir: str = "/"
    volumes: list[str] = field(default_factory=list)

    def at(self, path: str | Path) -> Path:
        """A path of the image's, seen from here."""
        return Path(f"{self.root}{Path('/') / self.workdir / path}")

    def command(self, words: Sequence[str], **env: str) -> list[str]:
        """What starts a command in it; whoever is not root can become nobody else."""
        bonds = ("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--init-groups")
        become = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", *bonds] if self.user != "root" else []
        values = [f"{name}={value}" for name, value in (env | self.env).items()]
        return ["chroot", str(self.root), *become, "env", "-i", "-C", self.workdir, *values, *words]


# -- building --------------------------------------------------------------------------------------------------------


def build(folder: Path) -> Image:
    """Every stage, instruction by instruction; the last one is the image."""
    context, built = _context(folder / "context"), dict[str, Image]()
    for number, stage in enumerate(stages(ROOT / "Dockerfile")):
        path = f"{_python(stage.base)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        image = built[stage.name or str(number)] = Image(stage, _overlay(folder / str(number)), {"PATH": path})
        _let_pass(image.root, Path(path.split(":", maxsplit=1)[0]))
        say(f"FROM {stage.base}, played by {path.split(':', maxsplit=1)[0]}")
        for step in stage.steps:
            say(f"{step.word} {step.text}")
            obey(step, image, {None: context} | {name: each.root for name, each in built.items()})
    return image


def obey(step: Step, image: Image, sources: dict[str | None, Path]) -> None:
    match step.word:
        case "RUN":
            given = {name: value for name, value in os.environ.items() if name.startswith(OUTSIDE)}
            subprocess.run(image.command(step.command, HOME="/root", **given), check=True)
        case "COPY":
            source, names, target = step.copied
            for name in names:
                _copy(Path(f"{sources[source]}/{name}"), image.at(target))
        case "ENV":
            image.env |= {name: _filled(value, image.env) for name, value in step.values.items()}
        case "USER":
            image.user = step.text
        case "WORKDIR":
            image.workdir = step.text
        case "VOLUME":
            image.volumes.append(step.text)
        case "HEALTHCHECK" | "CMD" | "ENTRYPOINT":
            pass
        case word:
            raise NotImplementedError(word)


def _context(folder: Path) -> Path:
    """What Docker would be sent: .dockerignore names what is not ignored."""
    everything, *rest = (ROOT / ".dockerignore").read_text().split()
    assert everything == "*"
    folder.mkdir()
    for name in [line[1:] for line in rest if line.startswith("!")]:
        _copy(ROOT / name, folder / name)
    for line in [line for line in rest if not line.startswith("!")]:
        for path in list(folder.glob(line)):
            shutil.rmtree(path)
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copy2(source, target)


def _filled(value: str, env: dict[str, str]) -> str:
    for name, known in env.items():
        value = value.replace(f"${name}", known)
    return value


def _overlay(folder: Path) -> Path:
    """This machine, without the project; what is changed in it lies in a folder of its own."""
    upper, work, root = folder / "upper", folder / "work", folder / "root"
    for each in (upper, work, root):
        each.mkdir(parents=True)
    _mount("overlay", root, "-t", "overlay", "-o", f"lowerdir=/,upperdir={upper},workdir={work}")
    _mount("proc", root / "proc", "-t", "proc")
    _mount("tmpfs", root / "dev", "-t", "tmpfs")
    _mount("tmpfs", Path(f"{root}{ROOT}"), "-t", "tmpfs")
    for name, minor in DEVICES.items():
        os.mknod(root / "dev" / name, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        (root / "dev" / name).chmod(0o666)
    (root / "dev" / "shm").mkdir()
    (root / "dev" / "shm").chmod(0o1777)
    return root


def _python(base: str) -> Path:
    """Where the Python is that an image `python:3.13-slim` brings; failing that, the one that runs this."""
    version = base.partition(":")[2].partition("-")[0]
    ask = [f"python{version}", "-c", "import sys; print(sys.base_prefix)"]
    try:
        done = subprocess.run(
            ask, env=os.environ | {"PYENV_VERSION": version}, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return Path(sys.base_prefix) / "bin"
    return Path(done.stdout.strip()) / "bin"


def _let_pass(root: Path, path: Path) -> None:
    """Every user may go there, wherever somebody's Python lies."""
    for each in [Path(f"{root}{parent}") for parent in path.parents]:
        each.chmod(each.stat().st_mode | 0o111)


def _mount(what: str | Path, where: Path, *options: str) -> None:
    subprocess.run(["mount", *options, str(what), str(where)], check=True)


# -- running ---------------------------------------------------------------------------------------------------------


async def play(image: Image, folder: Path) -> None:
    """The image at work, from its start to its end."""
    async with open_sandbox() as sandbox:
        _furnish(image, folder, CONFIG.format(sandbox))
        assert not await well(image)
        secrets = {"DISCORD_TOKEN": sandbox.bot_token, "GEMINI_API_KEY": "a key"}
        bot = await asyncio.create_subprocess_exec(*image.command(_started(image), **secrets))
        try:
            async with asyncio.timeout(PATIENCE):
                while not await well(image):
                    assert bot.returncode is None, "it ended at its start"
                    await asyncio.sleep(0.2)
            say("healthy")
            say(f"painted: {await _painted(sandbox.member('ana'))}")
            bot.terminate()
            assert await asyncio.wait_for(bot.wait(), PATIENCE) == 0
            assert not await well(image)
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()
    assert (folder / "data" / "easel.db").exists()


async def well(image: Image) -> bool:
    """What its HEALTHCHECK says."""
    words = image.command(probe(image.stage))
    check = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.DEVNULL)
    return await check.wait() == 0


async def _painted(member: Member) -> str:
    """Somebody asks for a picture; what the answer says."""
    await member.link.open()
    ask = await member.say("studio", f"<@{seed.BOT}> a red house by the sea")
    await member.link.wait_until(lambda: member.channels.get(ask.id), PATIENCE)
    answer = await member.wait_for(lambda post: bool(post.pictures), ask.id, PATIENCE)
    return answer.text


def _started(image: Image) -> list[str]:
    """What Docker starts."""
    return [word for name in ("ENTRYPOINT", "CMD") if (step := image.stage.last(name)) for word in step.command]


def _furnish(image: Image, folder: Path, config: str) -> None:
    """What compose.yaml mounts, and everything else read-only."""
    assert image.volumes == [DATA]
    shutil.copytree(image.at(DATA), folder / "data")
    owner = image.at(DATA).stat()
    os.chown(folder / "data", owner.st_uid, owner.st_gid)
    image.at("/config").mkdir()
    image.at("/config/config.toml").write_text(config)
    _mount(folder / "data", image.at(DATA), "--bind")
    _mount("tmpfs", image.at("/tmp"), "-t", "tmpfs", "-o", "size=256m,noexec,nosuid,nodev")
    _mount("overlay", image.root, "-o", "remount,ro")
    for place in ("/", "/app", "/venv", "/config"):
        tried = subprocess.run(image.command(["touch", f"{place}/trace"]), capture_output=True, check=False)
        assert tried.returncode, f"{place} can be written to"


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(namespace):
        raise OSError(ctypes.get_errno(), "this needs root, and leave to have namespaces of one's own")


def _loopback() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH22x", b"lo", UP))


def rehearse(folder: Path) -> None:
    """In a process of its own, whose mounts end with it: what it made may then be deleted, but not before."""
    _enter(NEW_MOUNTS)
    _mount("none", Path("/"), "--make-rprivate")
    image = build(folder)
    subprocess.run(image.command(["python", "-c", LETTERS]), check=True)
    say("draws Japanese letters")
    _enter(NEW_NETWORK)
    _loopback()
    asyncio.run(play(image, folder))
    say("The image works.")


def say(line: str) -> None:
    print(f"== {line}", flush=True)  # noqa: T201 - whoever runs it reads it


def main() -> int:
    if len(sys.argv) > 1:
        rehearse(Path(sys.argv[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="easel-image-") as folder:
        return subprocess.run([sys.executable, "-m", "tests.rehearsal", folder], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
