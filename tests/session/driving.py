"""What the tests of the session share: small scenarios, a session driven by words, and all of its state to compare."""

from nntui import messages as m
from nntui import words
from nntui.session.graph.state import table_of
from nntui.session.session import Session
from nntui.session.tensoring import saved_bench

CORNERS = """
format = 1
title = "Corners"
[data]
name = "corners-xor"
[model]
kind = "mlp"
layers = [2, 2, 1]
seed = 3
[training]
batch_size = 4
twist = 0.5
"""
# 40 samples in batches of 7: the last batch of every epoch is smaller.
CLOUD = """
format = 1
title = "Cloud"
[data]
name = "xor"
samples = 40
seed = 2
[model]
kind = "mlp"
layers = [2, 3, 1]
seed = 5
[training]
batch_size = 7
"""
LESSON = """
format = 1
title = "Lesson"
[data]
name = "xor"
samples = 40
[model]
kind = "mlp"
layers = [2, 2, 1]
seed = 4
[training]
batch_size = 7
twist = 0.4
[[beat]]
say = "One: a weight by hand."
do = ["set weights[0][0][1] 0.25", "walk predict", "step 5 line"]
point = "weights[0][0][1]"
[[beat]]
say = "Two: train, and answer."
do = ["walk training", "run 30", "back 10 step", "run 5"]
[beat.ask]
question = "How many samples are there?"
choices = ["39", "40"]
right = 2
replies = ["One more.", "Yes."]
[[beat]]
say = "Three: other batches, on arrays."
do = ["batch 5", "use numpy", "try 3", "show loss"]
[[beat]]
say = "Four: look at a sample."
do = ["size 0.2", "sample 3", "step 2 neuron", "break 33"]
"""


def opened(text=CORNERS, **options):
    """A session with this scenario open and settled."""
    session = Session(**options)
    session.handle(m.Open(text, "test.toml"))
    session.settle()
    return session


def do(session, *lines):
    """Obey some lines of words to the end; the facts."""
    facts = []
    for line in lines:
        facts += session.handle(words.parse(line)) + session.settle()
    return facts


def told(facts, kind):
    """The facts of one kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def errors(facts):
    return [fact.sentence for fact in told(facts, m.Error)]


def parameters(session):
    return session.desk.training.parameters.tobytes()


def state(session):
    """All that a session stands at, but not how much work it took to come there."""
    desk, run, lesson = session.desk, session.desk.training, session.lesson
    s = run.settings
    return {
        "parameters": parameters(session),
        "step": run.step,
        "kept": run.kept,
        "epoch": run.epoch,
        "settings": (s.seed, s.rung, s.method, s.twist, s.batch_size, s.since_step, s.since_epoch),
        "descent": (s.learning_rate, s.optimizer, s.momentum, s.weight_decay),
        "memory": (run.memory.moments.tobytes(), run.memory.taken),
        "scenario": desk.scenario_now(),
        "edits": [(e.step, e.index, e.value, e.settings and e.settings.scenario) for e in run.timeline.edits],
        "made": run.made,
        "look": desk.look,
        "walk": desk.walk,
        "event": desk.clock.event,
        "breakpoints": desk.clock.breakpoints,
        "pointed": desk.pointed,
        "attention": desk.attention,
        "graph": table_of(desk.graph, desk.model),
        "array": saved_bench(desk.bench),
        "pins": [pin.losses for pin in desk.kept.pins],
        "axis": desk.kept.axis,
        "beat": (lesson.beat, lesson.answered, lesson.detoured),
    }


def without(found, *keys):
    """A state but for some keys."""
    return {key: value for key, value in found.items() if key not in keys}


def spent(session, slices):
    """Work for so many slices of no time at all, each of which does a little."""
    facts = []
    for _ in range(slices):
        facts += session.work(0.0)
    return facts


def work_to(session, step):
    """Work in the middle of a run up to this very step."""
    run = session.desk.training
    session.work_until(m.Position(work=session.position.work + step - run.step))
    assert run.step == step
    return session
