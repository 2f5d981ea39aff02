"""The vocabulary: every command, query, fact and frame that passes between the engine and those who look at it.

Commands change the state and are recorded with the position at which they took effect. Queries ask and change
nothing. Facts tell what happened, in order, and are never dropped. Frames tell how it looks now; a newer one replaces
an unread one. All of them are data: `encode` and `decode` carry them through a pipe, and `decode` refuses what is
unknown or ill-typed with one sentence. This module knows nobody.
"""

from __future__ import annotations

from nntui.messages.base import *
from nntui.messages.commands import *
from nntui.messages.facts import *
from nntui.messages.graphs import *
from nntui.messages.presenting import *
from nntui.messages.queries import *
from nntui.messages.races import *
from nntui.messages.recordings import *
from nntui.messages.slopes import *
from nntui.messages.tensors import *
from nntui.messages.views import *
from nntui.messages.wire import *
