"""What the agents catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel, ObjectField, ObjectListField


class Agent(EntityModel):
    """A program that pursues a goal with a model, and everything it leans on.

    What it leans on is named, not linked: the names are those of entities in the other catalogs.
    """

    agent_type = models.CharField(
        max_length=100,
        blank=True,
        help_text="Its part in a system: conversational, task_oriented, router, planner, executor or evaluator.",
    )
    instructions = models.TextField(blank=True, help_text="The system instructions that the model is given.")
    version = models.CharField(max_length=100, blank=True, help_text="Its version, as its author counts.")
    author = models.CharField(max_length=300, blank=True, help_text="Who made it.")
    license = models.CharField(max_length=200, blank=True, help_text="An SPDX license id, or the name of a license.")
    category = models.CharField(max_length=200, blank=True, help_text="The field of work it belongs to.")
    model_config = ObjectField(
        help_text="The model it runs on, usually preferredModelRef, fallbackModelRefs, maxTokens, temperature and topP."
    )
    tools = ObjectListField(
        help_text="What it may use: a skillRef or an mcpToolRef each, whether it is required, and its timeout."
    )
    knowledge = ObjectListField(help_text="What it looks things up in: a knowledgeSourceRef each, and retrievalHints.")
    guardrails = ObjectListField(help_text="What checks it: a guardrailRef each, and the enforcementMode.")
    policies = ObjectListField(help_text="What it is bound by: a policyRef each, and the enforcementMode.")
    prompt_refs = ObjectListField(
        help_text="The prompts it uses: a promptTemplateRef each, and the role of the prompt."
    )
    dependencies = ObjectListField(help_text="The agents it calls: an agentRef each, and the role of that agent.")
    input_schema = ObjectField(help_text="What it accepts, as a JSON Schema.")
    output_schema = ObjectField(help_text="What it returns, as a JSON Schema.")
    examples = ObjectListField(help_text="Examples of what goes in and what comes out.")
