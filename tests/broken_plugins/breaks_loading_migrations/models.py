from django.db import models


class Thing(models.Model):
    text = models.TextField()
