"""The management half of the fake server: sources, refreshes and jobs, for an operator with a token."""

import json
import re
import uuid
from urllib.parse import unquote

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance.fake_http import Reply, refusal

OPERATOR, VIEWER = "operators-token-4711", "viewers-token-0815"
TYPES = {
    "yaml": ({"yamlCatalogPath"}, set()),
    "git": ({"repoUrl"}, {"authToken"}),
    "http": ({"url"}, {"token", "headers"}),
}
JOBS = "/api/jobs/v1alpha1/refresh"


def source(key, entries, **more):
    return {
        "id": key,
        "name": key.title(),
        "type": "yaml",
        "enabled": True,
        "labels": [],
        "properties": {"yamlCatalogPath": f"{key}.yaml"},
        "entries": entries,
        **more,
    }


class Management:
    """Sources in memory. A refresh of any further source shows copies of the entries of the second."""

    def __init__(self):
        self.sources = {"main": source("main", 3), "side": source("side", 2)}
        self.jobs = {}
        self.refreshed = set()
        self.tags = {}

    def shows(self, key):
        return self.sources[key]["enabled"]

    def extra(self):
        """Return the entries of sources that were added and refreshed."""
        return [
            {**item, "id": f"{key}-{item['id']}", "sourceId": key}
            for key, info in self.sources.items()
            if info["entries"] is None and info["enabled"] and key in self.refreshed
            for item in documents.ITEMS
            if item["sourceId"] == "side"
        ]

    def handle(self, request):
        role = self.role(request.headers.get("authorization", ""))
        path = unquote(request.path)
        own = path.removeprefix(documents.MANAGEMENT)
        if request.method in ("GET", "HEAD") and not path.startswith(JOBS) and not own.endswith("/revisions"):
            return self.read(own, role)
        if refused := self.refused(role):
            return refused
        if path.startswith(JOBS):
            return self.job(request.method, path.removeprefix(JOBS))
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return refusal(400, "The body is no JSON object.")
        if entity := re.fullmatch(r"/entities/(.+):action", own):
            return self.act(request, entity[1], body)
        return self.change(request.method, own, body)

    def role(self, authorization):
        return {f"Bearer {OPERATOR}": "operator", f"Bearer {VIEWER}": "viewer"}.get(authorization, "")

    def refused(self, role):
        if role == "operator":
            return None
        if role:
            return refusal(403, "Only operators may do this.")
        return refusal(401, "Who are you?", WWW_Authenticate="Bearer")

    # --- actions

    def tagged(self, item):
        """Return an entry with the tags that were added."""
        added = self.tags.get((item["sourceId"], item["name"]))
        return {**item, "tags": [*item.get("tags", []), *added]} if added else item

    def act(self, request, name, body):
        actions = {action["id"] for action in documents.ACTIONS if action["scope"] == "asset"}
        tags = body.get("params", {}).get("tags")
        if body.get("action") not in actions or not isinstance(tags, list):
            return refusal(400, "action: there is no such action, or tags are missing.")
        known = (request.query.get("source"), name)
        if known not in {(item["sourceId"], item["name"]) for item in documents.ITEMS}:
            return self.unknown()
        dry = body.get("dryRun") is True
        if not dry:
            kept = [tag for tag in self.tags.get(known, []) if tag not in tags]
            self.tags[known] = kept if body["params"].get("mode") == "remove" else kept + tags
        return Reply(200, {"action": "tag", "status": "dry-run" if dry else "completed", "data": {"tags": tags}})

    # --- reading

    def read(self, path, role):
        infos = [self.info(key, role) for key in self.sources]
        if path == "/sources":
            return Reply(200, {"sources": infos, "count": len(infos)})
        if path == "/diagnostics":
            states = [{"id": one["id"], "name": one["name"], **one["status"]} for one in infos]
            return Reply(200, {"pluginName": "widgets", "sources": states})
        if path.startswith("/actions/"):
            found = [one for one in documents.ACTIONS if one["scope"] == path.removeprefix("/actions/")]
            return Reply(200, {"actions": found, "count": len(found)})
        key = path.removeprefix("/sources/")
        return Reply(200, self.info(key, role)) if key in self.sources else self.unknown()

    def info(self, key, role="operator"):
        known = self.sources[key]
        count = known["entries"] if known["entries"] is not None else 2 * (key in self.refreshed and known["enabled"])
        state = "available" if known["enabled"] else "disabled"
        info = {name: known[name] for name in ("id", "name", "type", "enabled", "labels")}
        if role == "operator":
            info["properties"] = self.redacted(known)
        return {**info, "status": {"state": state, "entityCount": count if known["enabled"] else 0}}

    def redacted(self, known):
        secret = TYPES[known["type"]][1]
        return {name: "***REDACTED***" if name in secret else value for name, value in known["properties"].items()}

    # --- changing

    def change(self, method, path, body):
        if path in ("/validate-source", "/apply-source"):
            return self.checked(path, body)
        if path.startswith("/refresh/"):
            return self.refresh(path.removeprefix("/refresh/"))
        match = re.fullmatch(r"/sources/([^/:]+)(?:([:/])([\w-]+))?", path)
        if not match or match[1] not in self.sources:
            return self.unknown()
        return self.of_one(method, match[1], match[3] or "", body)

    def of_one(self, method, key, verb, body):
        if method == "DELETE":
            del self.sources[key]
            return Reply(200, {"status": "deleted"})
        if verb == "revisions":
            return Reply(200, {"revisions": [{"version": "0" * 8, "timestamp": "", "size": 1}], "count": 1})
        if verb == "validate":
            return Reply(200, {"valid": True, "layerResults": [{"layer": "semantic", "valid": True}]})
        if verb == "action":
            if body.get("action") != "refresh":
                return refusal(400, "action: there is no such action.")
            job = self.refresh(key)
            queued = {"action": "refresh", "status": "queued", "data": {"jobId": (job.document or {}).get("jobId")}}
            return Reply(202, queued) if job.status == 202 else job
        if verb == "enable":
            if not isinstance(body.get("enabled"), bool):
                return refusal(400, "Say enabled: true or false.")
            self.sources[key]["enabled"] = body["enabled"]
            return Reply(200, self.info(key))
        return self.unknown()

    def checked(self, path, body):
        errors = [{"field": field, "message": message} for field, message in self.problems(body)]
        report = {"valid": not errors, **({"errors": errors} if errors else {})}
        if path == "/validate-source":
            return Reply(200, report)
        if errors:
            return Reply(422, report)
        self.store(body)
        return Reply(200, self.info(body["id"]))

    def store(self, body):
        self.sources[body["id"]] = {"labels": [], "enabled": True, **body, "entries": None}

    def problems(self, body):
        if not re.fullmatch("[a-z0-9][a-z0-9_-]*", str(body.get("id", ""))):
            yield "id", "is no id"
        if body.get("type") not in TYPES:
            yield "type", "is no type"
            return
        required, secret = TYPES[body["type"]]
        properties = body.get("properties", {})
        for name in sorted(set(properties) - required - secret):
            yield f"properties.{name}", "is unknown"
        if any("@" in str(properties.get(name)) for name in required):
            yield "properties", "an address with credentials"

    def refresh(self, key):
        if key not in self.sources:
            return self.unknown()
        if any(job["sourceId"] == key for job in self.jobs.values()):
            return refusal(429, "Too many refreshes.", Retry_After="30")
        job_id = str(uuid.uuid4())
        self.refreshed.add(key)
        self.jobs[job_id] = {
            "id": job_id,
            "namespace": "default",
            "plugin": "widgets",
            "sourceId": key,
            "requestedBy": "operator",
            "requestedAt": "2024-01-01T00:00:00Z",
            "state": "succeeded",
            "attemptCount": 1,
        }
        return Reply(202, {"status": "queued", "jobId": job_id})

    def job(self, method, path):
        if not path:
            jobs = list(self.jobs.values())
            return Reply(200, {"jobs": jobs, "nextPageToken": "", "totalSize": len(jobs)})
        found = self.jobs.get(path.strip("/"))
        return Reply(200, found) if found and method == "GET" else self.unknown()

    def unknown(self):
        return refusal(404, "There is nothing of that name.")
