"""The one table of actions: what each is called, its keys, and what it says in help, in the palette and in the key row.

An action that is a single command of the vocabulary holds it; all others have a deed of the same name in deeds.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nntui import messages as m

TURN, FINE, MUCH = 0.05, 0.005, 0.5  # by how much a key turns the selected weight


@dataclass(frozen=True)
class Action:
    """One thing that a person can do."""

    name: str
    keys: tuple[str, ...]
    title: str
    help: str
    group: str
    command: m.Command | None = None
    played: bool = False  # whether its keys mean this while a recording is played, and something else otherwise


GROUPS = {
    "lesson": "The lesson", "code": "Stepping", "train": "Training", "weight": "One weight", "slope": "Slopes",
    "graph": "The graph", "race": "The ladder and the race", "look": "Looking",
    "recording": "Recordings", "player": "While a recording is played",
    "change": "Changing", "screen": "The screen",
}  # fmt: skip

OF_A_PLAYER = ("player", "recording")

ACTIONS: tuple[Action, ...] = (
    # ------------------------------------------------------------ the lesson
    Action("next", ("n", "pagedown"), "Next beat", "Go on with the lesson.", "lesson", command=m.Next()),
    Action("previous", ("p", "pageup"), "Previous beat", "Back to the end of the beat before.", "lesson",
           command=m.Previous()),
    Action("answer", tuple("123456789"), "Answer", "Answer the question with a choice's number.", "lesson"),
    Action("begin", ("f5",), "From the first beat", "To the first beat, as the start button of a presenter's remote "
           "means it; U takes that back.", "lesson"),
    Action("beats", ("at",), "Go to a beat", "Go to any beat by its number or a part of its text.", "lesson"),
    Action("guesses", ("percent_sign",), "The class's guesses", "Type how many of a class have chosen each choice.",
           "lesson"),
    Action("come_back", ("escape",), "Return to the lesson", "Come back from a detour to where the lesson stands.",
           "lesson"),
    Action("reset", ("ctrl+r",), "Start of the lesson", "Back to the start: its weights, its data, step 0.", "lesson",
           command=m.Reset()),
    # ------------------------------------------------------------ stepping through the code
    Action("step", ("space",), "Run one line", "Run the line that is about to run.", "code",
           command=m.Step(1, "line")),
    Action("back", ("backspace",), "Back one line", "Go back to before the last line.", "code",
           command=m.Back(1, "line")),
    Action("into", ("i",), "Into the call", "Go on to the first line of the next function called.", "code",
           command=m.Step(1, "into")),
    Action("over", ("o",), "Over the call", "Run the line whole, with all that it calls.", "code",
           command=m.Step(1, "over")),
    Action("out", ("u",), "Out of the function", "Run on until this function has returned.", "code",
           command=m.Step(1, "out")),
    Action("neuron", ("h",), "Next neuron", "Run on to the next neuron.", "code", command=m.Step(1, "neuron")),
    Action("breakpoint", ("x",), "Breakpoint", "Stop at the line of the cursor when running; again clears it.", "code"),
    Action("run_to_cursor", ("c",), "Run to the cursor", "Run on until the cursor's line is about to run.", "code"),
    Action("accuse", ("a",), "Accuse this line", "Find the bug: say that the cursor's line is the one that is wrong.",
           "code"),
    Action("walk", ("w",), "Walk prediction or training", "Step through one prediction, or through the next training "
           "step.", "code"),
    # ------------------------------------------------------------ training
    Action("run", ("r",), "Train, or stop", "Train until pressed again.", "train"),
    Action("run_some", ("f",), "Train 100 steps", "Train for 100 steps, and stop.", "train", command=m.Run(100)),
    Action("try", ("t",), "One try", "Try one random twist, or take one step downhill, and tell it.", "train",
           command=m.Try()),
    Action("forward", ("right_square_bracket",), "One training step on", "Take one step of training.", "train",
           command=m.Step(1, "step")),
    Action("backward", ("left_square_bracket",), "One training step back", "Go back one step of training.", "train",
           command=m.Back(1, "step")),
    Action("epoch", ("right_curly_bracket",), "One epoch on", "Train until all samples have been visited once more.",
           "train", command=m.Step(1, "epoch")),
    Action("epoch_back", ("left_curly_bracket",), "One epoch back", "Go back one epoch.", "train",
           command=m.Back(1, "epoch")),
    Action("goto", ("g",), "Go to a step", "Go to any step of training by its number, back and forth.", "train"),
    # ------------------------------------------------------------ one weight
    Action("turn_up", ("right",), "Turn up", f"Turn the selected weight up by {TURN}.", "weight"),
    Action("turn_down", ("left",), "Turn down", f"Turn the selected weight down by {TURN}.", "weight"),
    Action("fine_up", ("shift+right",), "Turn up a little", f"Turn the selected weight up by {FINE}.", "weight"),
    Action("fine_down", ("shift+left",), "Turn down a little", f"Turn the selected weight down by {FINE}.", "weight"),
    Action("much_up", ("plus",), "Turn up much", f"Turn the selected weight up by {MUCH}.", "weight"),
    Action("much_down", ("minus",), "Turn down much", f"Turn the selected weight down by {MUCH}.", "weight"),
    Action("select_next", ("down",), "Next weight", "Select the next weight along the network.", "weight"),
    Action("select_previous", ("up",), "Previous weight", "Select the weight before.", "weight"),
    Action("set_value", ("equals_sign",), "Type a value", "Give the selected weight a value.", "weight"),
    Action("undo", ("U",), "Undo", "Take back the last command.", "weight", command=m.Undo()),
    # ------------------------------------------------------------ slopes and the gradient
    Action("slope", ("D",), "Slope", "Look at the slope of the loss along the selected weight, or no more.", "slope"),
    Action("smaller", ("comma",), "Smaller twist", "Take the slope by a twist of a tenth of the size.", "slope"),
    Action("larger", ("semicolon",), "Larger twist", "Take the slope by a twist ten times the size.", "slope"),
    Action("edges", ("E",), "Weights or gradient", "Draw the weights on the network's edges, or how the loss changes "
           "with each.", "slope"),
    Action("along_x", ("X",), "Landscape: along", "Let the selected weight be the one along the landscape.", "slope"),
    Action("along_y", ("Y",), "Landscape: up", "Let the selected weight be the one that goes up the landscape.",
           "slope"),
    Action("method", ("A",), "Twists or gradient", "Train by random twists, or by walking down the gradient.", "slope"),
    # ------------------------------------------------------------ the graph
    Action("visit_forward", ("greater_than_sign",), "One node forward", "Compute the value of the graph's next node.",
           "graph", command=m.Forward(1)),
    Action("visit_backward", ("less_than_sign",), "One node backward", "Let the next node hand on its gradient.",
           "graph", command=m.Backward(1)),
    Action("all_forward", ("right_parenthesis",), "All values", "Compute all values of the graph that are left.",
           "graph", command=m.Forward()),
    Action("all_backward", ("left_parenthesis",), "All gradients", "Hand on all gradients of the graph that are left.",
           "graph", command=m.Backward()),
    Action("clear_gradients", ("0",), "Gradients to 0", "Set all gradients of the graph to 0.", "graph",
           command=m.ClearGradients()),
    Action("fold", ("I",), "Fold a neuron", "Draw the nodes of the neuron at hand as one, or each by itself again.",
           "graph"),
    Action("graph", ("G",), "Make a graph", "Make the graph of an expression that you type, or of the loss.", "graph"),
    # ------------------------------------------------------------ the ladder and the race
    Action("race", ("exclamation_mark",), "Race the rungs", "Let every rung do the same work for so many seconds.",
           "race"),
    Action("widths", ("number_sign",), "Race over widths", "Race the rungs from 2 to 10,000 hidden neurons.", "race"),
    Action("climb", ("slash",), "Up the ladder", "Look at the next rung, beside the one below.", "race"),
    Action("descend", ("backslash",), "Down the ladder", "Look at the rung below.", "race"),
    Action("check", ("H",), "Hold against the loops", "Take the same steps with the rung looked at and with the loops.",
           "race"),
    Action("flip", ("Z",), "The other source", "Show the source of the rung below in place of the rung's own.", "race"),
    # ------------------------------------------------------------ looking
    Action("why", ("enter",), "Why?", "Open the number at hand into the sum that made it.", "look"),
    Action("why_output", ("O",), "Why this output?", "Open the output into the sum that made it.", "look"),
    Action("why_loss", ("M",), "Why this loss?", "Open the loss into what each sample adds to it.", "look"),
    Action("next_sample", ("k",), "Next sample", "Look at the next sample.", "look"),
    Action("previous_sample", ("j",), "Previous sample", "Look at the sample before.", "look"),
    Action("next_mistake", ("K",), "Next mistake", "Look at the next sample that is answered wrongly.", "look",
           command=m.NextMistake()),
    Action("previous_mistake", ("J",), "Previous mistake", "Look at the sample before that is answered wrongly.",
           "look", command=m.NextMistake(False)),
    Action("scale", ("l",), "Logarithmic loss", "Show the loss on a logarithmic scale, or on a linear one.", "look"),
    Action("pin", ("C",), "Keep the curve", "Keep the curve of the loss on the plot, beside those to come.", "look",
           command=m.Pin()),
    Action("unpin", ("underscore",), "Bare plot", "Take the curves that were kept from the plot.", "look",
           command=m.Unpin()),
    Action("axis", ("W",), "Work done", "Plot the loss over steps, over predictions counted, or over seconds.", "look"),
    Action("digits", ("d",), "All digits", "Show numbers in full precision, or with five digits.", "look"),
    Action("copy", ("y",), "Copy", "Copy the value at hand.", "look"),
    Action("messages", ("m",), "What was told", "Read all that was told and said, also what did not fit.", "look"),
    Action("summary", ("S",), "Summary", "Tell what this is and what has been done.", "look"),
    # ------------------------------------------------------------ recordings
    Action("mark", ("F",), "Mark this moment", "Mark this moment with a name, to find it again in the recording.",
           "recording"),
    Action("branch", ("B",), "Go on alone, or back", "Go on alone from this place of the recording; in such a branch, "
           "back to the recording.", "recording"),
    Action("play_pause", ("space",), "Play, or pause", "Play the recording, or pause it.", "player", played=True),
    Action("seek_on", ("right",), "5 seconds on", "Go 5 seconds on in the recording.", "player", played=True),
    Action("seek_back", ("left",), "5 seconds back", "Go 5 seconds back.", "player", played=True),
    Action("little_on", ("shift+right",), "1 second on", "Go 1 second on.", "player", played=True),
    Action("little_back", ("shift+left",), "1 second back", "Go 1 second back.", "player", played=True),
    Action("next_mark", ("right_square_bracket", "n", "pagedown"), "Next mark or beat", "Go to the next mark or beat.",
           "player", played=True),
    Action("last_mark", ("left_square_bracket", "p", "pageup"), "Last mark or beat", "Go to the mark or beat before.",
           "player", played=True),
    Action("seek_percent", tuple("0123456789"), "A tenth", "Go to so many tenths of the recording.", "player",
           played=True),
    Action("seek_start", ("home",), "Start of the recording", "Go to where the recording begins.", "player",
           played=True),
    Action("seek_end", ("end",), "End of the recording", "Go to where the recording ends.", "player", played=True),
    Action("slower", ("less_than_sign",), "Slower", "Play at half the speed, down to a quarter.", "player",
           played=True),
    Action("faster", ("greater_than_sign",), "Faster", "Play at twice the speed, up to eight times.", "player",
           played=True),
    # ------------------------------------------------------------ changing
    Action("settings", ("e",), "Change settings", "Data, noise, layers, activation, seed, size of twists, rung.",
           "change"),
    Action("save", ("s", "ctrl+s"), "Save", "Save what is on the screen as a scenario that opens again exactly here.",
           "change"),
    Action("command_line", ("colon",), "Type words", "Type any word of the plain front end: sample 3", "change"),
    # ------------------------------------------------------------ the screen
    Action("next_pane", ("tab",), "Next pane", "Give the keys to the next pane.", "screen"),
    Action("previous_pane", ("shift+tab",), "Previous pane", "Give the keys to the pane before.", "screen"),
    Action("zoom", ("z",), "Zoom", "Let one pane fill the screen, or no more.", "screen"),
    Action("arrangement", ("v",), "Other panes", "Change between explaining, training and racing.", "screen"),
    Action("picture", ("V",), "Other picture", "Change between picture, landscape, sweep and confusion; or ladder, "
           "race and widths.", "screen"),
    Action("subject", ("N",), "Network or graph", "Change between the network, the graph and the tensor, where there "
           "are any.", "screen"),
    Action("theme", ("T",), "Theme", "Dark, light, projector; it is remembered.", "screen"),
    Action("blank", ("b", "full_stop"), "Blank", "Blank the screen; any key brings it back.", "screen"),
    Action("screenshot", ("P", "f12"), "Screenshot", "Save the screen as an SVG picture.", "screen"),
    Action("restart", ("R",), "Restart the engine", "Where nothing answers: go on from the last state.", "screen"),
    Action("lessons", ("L", "ctrl+o"), "Lessons", "Go to the list of lessons.", "screen"),
    Action("palette", ("ctrl+p",), "All commands", "Search all commands by name.", "screen"),
    Action("help", ("question_mark", "f1"), "Help", "Show all keys.", "screen"),
    Action("suspend", ("ctrl+z",), "To the shell", "Stop nntui for a while; `fg` in the shell goes on.", "screen"),
    Action("quit", ("q", "ctrl+q", "ctrl+c"), "Quit", "End nntui.", "screen"),
)  # fmt: skip

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}

_BY_KEY = {key: action for action in ACTIONS for key in action.keys if not action.played}
_WHILE_PLAYED = {key: action for action in ACTIONS for key in action.keys if action.played}

_KEY_NAMES = {
    "space": "␣", "backspace": "⌫", "escape": "esc", "enter": "⏎", "right": "→", "left": "←", "up": "↑", "down": "↓",
    "shift+right": "shift →", "shift+left": "shift ←", "shift+tab": "shift tab", "pagedown": "PgDn", "pageup": "PgUp",
    "right_square_bracket": "]", "left_square_bracket": "[", "right_curly_bracket": "}", "left_curly_bracket": "{",
    "greater_than_sign": ">", "less_than_sign": "<", "right_parenthesis": ")", "left_parenthesis": "(",
    "equals_sign": "=", "plus": "+", "minus": "-", "full_stop": ".", "question_mark": "?", "colon": ":",
    "comma": ",", "semicolon": ";", "exclamation_mark": "!", "number_sign": "#", "slash": "/", "backslash": "\\",
    "percent_sign": "%", "at": "@",
    "underscore": "_", "home": "Home", "end": "End",
}  # fmt: skip
_WORDS = {"␣": "space", "⌫": "bksp", "⏎": "enter", "→": "right", "←": "left", "↑": "up", "↓": "down"}


def key_name(key: str, unicode: bool = True) -> str:
    """A key as people know it."""
    name = _KEY_NAMES.get(key, key.replace("ctrl+", "^") if unicode else key)
    if name[1:].isdigit():  # a function key, as it is written on it
        name = name.upper()
    if not unicode:
        for sign, word in _WORDS.items():
            name = name.replace(sign, word)
    return name


def keys_of(action: Action, unicode: bool = True) -> str:
    """All keys of an action."""
    if action.name in ("answer", "seek_percent"):
        return "1-9" if action.name == "answer" else "0-9"
    return " ".join(key_name(key, unicode) for key in action.keys)


def for_key(key: str, played: bool = False) -> Action | None:
    """What a key does; another thing, for some, while a recording is played."""
    return (_WHILE_PLAYED.get(key) if played else None) or _BY_KEY.get(key)


def grouped(played: bool = False) -> Iterator[tuple[str, list[Action]]]:
    """The actions by group, as help shows them; while a recording is played, what moves along it comes first."""
    first = OF_A_PLAYER if played else ()
    for group, title in {**{group: GROUPS[group] for group in first}, **GROUPS}.items():
        yield title, [action for action in ACTIONS if action.group == group]
