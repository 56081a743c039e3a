from django.db import models


class HalfMade(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "breaks_in_models"


raise RuntimeError("the models of this plugin cannot be made")
