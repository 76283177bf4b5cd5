"""Orca whose voice is a file: a line of JSON for each thing said, `null` where it falls silent to say something else.

Runs in the system's Python, where Debian puts Orca; started as a module it neither ends nor minds another Orca.
"""

import json
import os
import sys

from orca import orca, settings, speech
from orca.speechserver import SpeechServer


class Paper(SpeechServer):
    def __init__(self):
        self.file = open(os.environ["HEARD"], "a", encoding="utf-8", buffering=1)

    def write(self, words):
        self.file.write(json.dumps(words, ensure_ascii=False) + "\n")

    def speak(self, text=None, acss=None, interrupt=True):
        if text:
            self.write(text)

    def speakCharacter(self, character, acss=None):
        self.write(character)

    def sayAll(self, utterances, progress):
        for context, _ in utterances:
            self.write(context.utterance)

    def stop(self):
        self.write(None)


speech._initSpeechServer = lambda *_: setattr(speech, "_speechserver", Paper())
settings.sayAllOnLoad = settings.pageSummaryOnLoad = False
settings.enableBraille = settings.enableSound = settings.enableKeyEcho = False
settings.enablePositionSpeaking = True
orca.getSettingsManager().activate()
sys.exit(orca.main())
