"""Real git repositories for tests, and a real git server on 127.0.0.1."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@a.example",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@a.example",
}


@dataclass
class Upstream:
    """A repository with a work tree, as its owner has it."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, *options: str) -> "Upstream":
        folder.mkdir(parents=True)
        upstream = cls(folder)
        upstream.git("init", "--quiet", "--initial-branch=main", *options)
        return upstream

    @property
    def url(self) -> str:
        return f"file://{self.folder}"

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, bytes | None] | None = None, *options: str) -> str:
        """Write files (``None`` removes one), commit everything, and return the commit id."""
        for name, content in (files or {}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=change", *options)
        return self.git("rev-parse", "HEAD")


def serve_repository(web, upstream: Upstream, prefix: str = "/repo.git", authorization: str = "") -> str:
    """Let the web server speak git's own protocol for a repository, and return its address."""

    def backend(exchange):
        if authorization and exchange.headers.get("Authorization") != authorization:
            exchange.answer(401, b"", WWW_Authenticate='Basic realm="git"')
            return
        path, _, query = exchange.path.partition("?")
        body = exchange.rfile.read(int(exchange.headers.get("Content-Length", 0)))
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=True,
            env={
                **ENVIRONMENT,
                "GIT_PROJECT_ROOT": str(upstream.folder / ".git"),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path.removeprefix(prefix),
                "QUERY_STRING": query,
                "REQUEST_METHOD": exchange.command,
                "CONTENT_TYPE": exchange.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": exchange.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": exchange.headers.get("Git-Protocol", ""),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        status = int(headers.pop("Status", "200").split()[0])
        exchange.answer(status, content, **headers)

    for name in ("/info/refs", "/git-upload-pack"):
        web.route(prefix + name, backend)
    return web.url(prefix)


def serve_plainly(web, upstream: Upstream, prefix: str = "/plain.git") -> str:
    """Let the web server hand out the files of a repository, as a server does that knows nothing of git."""
    upstream.git("repack", "-a", "-d", "--quiet")
    upstream.git("update-server-info")
    inner = upstream.folder / ".git"
    for path in inner.rglob("*"):
        if path.is_file():
            web.serve(f"{prefix}/{path.relative_to(inner)}", body=path.read_bytes(), Content_Type="text/plain")
    return web.url(prefix)
