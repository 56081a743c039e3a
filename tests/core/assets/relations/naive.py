"""What relations, impact and unresolved references should be, computed from the sources themselves, without haste."""

from dataclasses import dataclass

KINDS = {"agents": "Agent", "skills": "Skill", "mcp": "McpServer"}


@dataclass(frozen=True)
class Thing:
    """One entity that readers see. ``names`` are the assets that it names: relation and (kind, name, source)."""

    kind: str
    source: str
    name: str
    names: tuple

    @property
    def key(self):
        return self.kind, self.source, self.name


def things(sources):
    """Return what readers see of sources as ``World.serve`` takes them."""
    return [
        Thing(KINDS[plugin], key, item["name"], named_by(plugin, item))
        for plugin, key, items, enabled in sources
        if enabled
        for item in items
    ]


def named_by(plugin, item):
    if plugin == "agents":
        found = [("uses", "Skill", tool["skillRef"]) for tool in item["tools"] if "skillRef" in tool]
        found += [("uses tools of", "McpServer", tool["mcpToolRef"]) for tool in item["tools"] if "mcpToolRef" in tool]
        found += [("calls", "Agent", one["agentRef"]) for one in item["dependencies"]]
    else:
        server = item.get("execution", {}).get("mcpServerRef")
        found = [("is carried out by", "McpServer", server)] if server else []
    return tuple(dict.fromkeys((relation, *called(kind, value)) for relation, kind, value in found))


def called(kind, value):
    return (
        (value.get("kind", kind), value["name"], value.get("source", ""))
        if isinstance(value, dict)
        else (kind, value, "")
    )


def meant(world, kind, name, source, without=None):
    """Return the thing that is meant by a name, or nothing."""
    rest = [thing for thing in world if thing is not without and thing.kind == kind]
    fitting = [thing for thing in rest if thing.name == name and source in ("", thing.source)]
    if not fitting and not source:
        fitting = [thing for thing in rest if f"{thing.source}/{thing.name}" == name]
    return fitting[0] if fitting else None


def edges(world):
    """Return all relations: who, how, by which name, and whom."""
    return [
        (thing, relation, tuple(target), meant(world, *target)) for thing in world for relation, *target in thing.names
    ]


def relations(world, start, direction, depth):
    """Return {(who, how, whom): at which depth, once for each name that is used}."""
    found, seen, reached, level = {}, set(), {start.key}, {start.key}
    for step in range(1, depth + 1):
        following = set()
        for origin, relation, target, to in edges(world):
            here, there = (origin, to) if direction == "out" else (to, origin)
            if here is not None and here.key in level:
                if (origin.key, relation, target) not in seen:
                    found.setdefault((origin.key, relation, to and to.key), []).append(step)
                seen.add((origin.key, relation, target))
                following |= {there.key} if there is not None else set()
        level = following - reached
        reached |= following
    return found


def broken(world, lost):
    """Return {what breaks without a thing: in how many steps}."""
    broken_at = {}
    for thing in world:
        for _, *target in thing.names:
            if thing is not lost and meant(world, *target) is lost and meant(world, *target, without=lost) is None:
                broken_at[thing.key] = 1
    step = 1
    while True:
        level = {key for key, at in broken_at.items() if at == step}
        needing = {origin.key for origin, _, _, to in edges(world) if to is not None and to.key in level}
        further = needing - broken_at.keys() - {lost.key}
        if not further:
            return broken_at
        step += 1
        broken_at |= dict.fromkeys(further, step)


def redirected(world, lost):
    """Return which things name one that another would step in for, and those that would step in."""
    pairs = {
        (origin.key, other.key)
        for origin, _, target, to in edges(world)
        if to is lost and origin is not lost and (other := meant(world, *target, without=lost))
    }
    return {origin for origin, _ in pairs}, {other for _, other in pairs}


def unresolved(world, kind, source):
    """Return what the things of a source name in vain."""
    return {
        (origin.name, relation, target)
        for origin, relation, target, to in edges(world)
        if to is None and (origin.kind, origin.source) == (kind, source)
    }
