"""The graph on the desk, by its words: passes, leaves, orders, folding, readings, coming back, saving, walking."""

import time

import pytest
from driving import CORNERS, LESSON, do, errors, opened, state, told

from nntui import messages as m
from nntui.session.session import Session
from nntui.text import clean

TAUGHT = "graph b + c a=2 b=3*a c=2*b"  # TEACHING.md, lesson 5
DIGITS = """
format = 1
title = "Digits"
[data]
name = "digits"
samples = 60
[model]
kind = "mlp"
layers = [64, 32, 10]
output = "softmax"
loss = "cross-entropy"
"""


def reading(session, name):
    result = session.ask(m.AskReading(name))
    return result.value if isinstance(result, m.Reading) else result.sentence


def view(session, size=(80, 40)):
    return session.ask(m.AskView("graph", size=size))


def visits(facts):
    return [(v.name, v.value, v.gradient) for fact in told(facts, m.Visited) for v in fact.visits]


def gradients(session, names="abc"):
    return [reading(session, f"gradient_{name}") for name in names]


# ---------------------------------------------------------------- the passes


def test_values_forward_then_gradients_backward_one_node_at_a_time():
    session = opened()
    facts = do(session, TAUGHT)
    assert told(facts, m.GraphOpened) == [m.GraphOpened("b + c", 6, (("a", 2.0),), None, 2)]
    assert reading(session, "b") == "the value of 'b' is not known yet; forward computes it"
    assert visits(do(session, "forward 1")) == [("b", 6.0, 0.0)]
    assert visits(do(session, "forward")) == [("c", 12.0, 0.0), ("b + c", 18.0, 0.0)]
    assert "every value is known already" in errors(do(session, "forward"))[0]
    first = do(session, "backward 1")
    assert visits(first) == [("b + c", 18.0, 1.0)]
    assert told(first, m.Visited)[0].visits[0].given == (m.Given("b", 0.0, 1.0, 1.0), m.Given("c", 0.0, 1.0, 1.0))
    assert visits(do(session, "backward 2")) == [("c", 12.0, 1.0), ("b", 6.0, 3.0)]
    last = do(session, "backward 9")
    assert visits(last) == [("a", 2.0, 9.0)]
    assert told(last, m.Visited)[0].left == 0


def test_backward_again_without_clearing_adds_up():
    session = opened()
    do(session, TAUGHT, "forward", "backward")
    assert gradients(session) == [9.0, 3.0, 1.0]
    facts = do(session, "backward")
    assert gradients(session) == [33.0, 8.0, 2.0]
    assert reading(session, "passes") == 2
    given = {v.name: v.given for fact in told(facts, m.Visited) for v in fact.visits}
    assert given["c"] == (m.Given("b", 4.0, 2.0, 8.0),)
    assert given["b"] == (m.Given("a", 9.0, 3.0, 33.0),)
    assert told(do(session, "clear"), m.GradientsCleared)
    assert gradients(session) == [0.0, 0.0, 0.0]
    do(session, "backward")
    assert gradients(session) == [9.0, 3.0, 1.0]


def test_values_that_are_missing_are_computed_first_and_that_is_said():
    session = opened()
    facts = do(session, TAUGHT, "forward 1", "backward 1")
    assert [v[0] for v in visits(facts)] == ["b", "c", "b + c", "b + c"]
    assert "values first" in told(facts, m.Note)[0].sentence


def test_the_wrong_order_hands_on_too_early():
    session = opened()
    facts = do(session, TAUGHT, "graph order wrong", "backward")
    assert [v[0] for v in visits(facts)[-4:]] == ["b + c", "b", "a", "c"]
    assert gradients(session) == [3.0, 3.0, 1.0]
    why = session.ask(m.AskWhy("gradient a"))
    assert why.value == 9.0
    assert "not a topological one" in why.note
    do(session, "graph order topological", "backward")
    assert gradients(session) == [9.0, 3.0, 1.0]


def test_a_leaf_is_changed_and_its_value_flows():
    session = opened()
    do(session, TAUGHT, "forward", "backward")
    fact = told(do(session, "set a 3"), m.LeafSet)[0]
    assert [(v.name, v.value) for v in fact.flowed] == [("b", 9.0), ("c", 18.0), ("b + c", 27.0)]
    assert (fact.old, fact.new, fact.before, fact.after) == (2.0, 3.0, 18.0, 27.0)
    assert gradients(session) == [9.0, 3.0, 1.0], "they stay as they were"
    do(session, "twist a -0.5")
    assert reading(session, "a") == 2.5
    do(session, "undo", "undo")
    assert (reading(session, "a"), reading(session, "c")) == (2.0, 12.0)


def test_of_a_graph_half_computed_only_what_is_known_flows():
    session = opened()
    do(session, TAUGHT, "forward 1")
    fact = told(do(session, "set a 3"), m.LeafSet)[0]
    assert [v.name for v in fact.flowed] == ["b"]
    assert fact.after is None
    assert visits(do(session, "forward 1")) == [("c", 18.0, 0.0)]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("graph a * x a=2", "'x' has no value here"),
        ("graph a / b a=1 b=0", "'a / b' divides by zero"),
        ("graph sinus(a) a=1", "there is no function 'sinus'"),
        ("graph a.b a=1", "does not belong here"),
        ("graph " + "(" * 150 + "a" + ")" * 150 + "+", "is no expression"),
        ("set b 4", "'b' is computed from others; a leaf can be set, such as a"),
        ("set q 4", "the graph has no node 'q'"),
        ("set a 1e308", "beyond the largest number"),
        ("twist q 1", "the graph has no node 'q'"),
        ("point q", "the graph has no node 'q'"),
        ("point #99", "the graph has no node '#99'"),
        ("fold", "there are no neurons to fold"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(line, part):
    session = opened()
    do(session, TAUGHT, "forward", "backward 2")
    before = state(session)
    facts = do(session, line)
    assert len(errors(facts)) == 1
    assert part in errors(facts)[0]
    assert state(session) == before


@pytest.mark.parametrize("line", ["forward", "backward 2", "clear", "graph order depth", "fold", "walk backward"])
def test_without_a_graph_one_is_told_how_to_open_it(line):
    session = opened()
    assert "no graph is open; open one, as in: graph" in errors(do(session, line))[0]
    assert isinstance(view(session), m.Refused)


# ---------------------------------------------------------------- looking and asking


def test_the_view_has_every_node_its_place_and_what_is_next():
    session = opened()
    do(session, TAUGHT, "forward", "backward 2")
    found = view(session)
    names = {node.number: node.name for node in found.nodes}
    assert sorted(names.values()) == ["a", "b", "b + c", "c"]
    assert ({node.name: node.numbers for node in found.nodes}["b"], found.numbers) == (("3", ""), 2)
    assert (names[found.at], names[found.next]) == ("c", "b")
    assert (found.direction, found.done, found.of, found.left_out) == ("backward", 2, 4, 0)
    column = {node.name: node.column for node in found.nodes}
    assert column["a"] < column["b"] < column["c"] < column["b + c"]
    assert len({(node.column, node.row) for node in found.nodes}) == 4
    assert next(node for node in found.nodes if node.name == "c").slopes == (2.0,)
    assert found.visit.name == "c"
    fact = told(do(session, "point a"), m.NodePointed)[0]
    assert (fact.name, fact.value, fact.gradient) == ("a", 2.0, 0.0)
    assert names[view(session).pointed] == "a"


def test_why_a_gradient_its_paths_with_their_numbers():
    session = opened()
    do(session, TAUGHT, "forward", "backward")
    why = session.ask(m.AskWhy("gradient a"))
    assert why.value == 9.0
    assert [(t.name, t.value, [f[1] for f in t.factors]) for t in why.terms] == [
        ("through b, c", 6.0, [3.0, 2.0, 1.0]), ("through b", 3.0, [3.0, 1.0]),
    ]  # fmt: skip
    assert why.note == ""
    do(session, "backward")
    assert "2 passes have added to it" in session.ask(m.AskWhy("gradient a")).note
    assert session.ask(m.AskWhy("c")).terms == (m.Term("2 and b", 12.0, (("2", 2.0), ("b", 6.0))),)
    assert session.ask(m.AskWhy("")).name == "gradient a", "what was told last"


def test_why_a_gradient_of_the_network_without_opening_a_graph():
    session = opened()
    why = session.ask(m.AskWhy("gradient weights[0][1][0]"))
    exact = session.desk.model.gradient(session.desk.training.parameters, [0])
    assert why.value == pytest.approx(exact[session.desk.model.layout.index("weights[0][1][0]")], abs=1e-12)
    assert sum(term.value for term in why.terms) == pytest.approx(why.value)
    assert "loss of sample 0 alone" in why.note


def test_the_debt_is_paid_all_gradients_for_the_price_of_about_two_predictions():
    session = opened()
    found = session.ask(m.AskComparison())
    assert found.parameters == len(found.shares) == 9
    assert found.difference < 1e-10
    assert found.twisted_difference < 1e-6
    assert 2.0 < (found.forward + found.backward) / found.prediction < 3.0
    assert found.twist_predictions == 18


# ---------------------------------------------------------------- the network's own loss


def test_the_loss_of_the_network_follows_a_weight_and_its_neurons_fold():
    session = opened()
    do(session, "graph loss", "forward", "backward")
    loss = view(session).nodes[-1].value
    facts = do(session, "set weights[0][1][0] 0.5")
    assert told(facts, m.Changed)
    assert told(facts, m.LeafSet)
    after = session.desk.model.loss_graph(session.desk.training.parameters, session.desk.look)
    progress, _ = after.forward(after.begin(), 0)
    assert view(session).nodes[-1].value == progress.values[-1] != loss
    nodes = len(view(session).nodes)
    do(session, "fold outputs[0][1]")
    folded = view(session)
    assert len(folded.nodes) < nodes
    neuron = next(node for node in folded.nodes if node.folded)
    assert (neuron.name, neuron.operation) == ("outputs[0][1]", "neuron")
    assert neuron.folded == nodes - len(folded.nodes) + 1
    do(session, "fold outputs[0][1]")
    assert len(view(session).nodes) == nodes
    do(session, "layers 2,3,1")
    assert isinstance(view(session), m.Refused), "it was of a network that is no more"


def test_a_graph_of_five_thousand_nodes_is_told_by_its_neighbourhood():
    session = opened(DIGITS)
    do(session, "graph loss", "fold")
    began = time.perf_counter()
    found = view(session, (120, 40))
    assert time.perf_counter() - began < 20  # it is quick, but no test depends on that
    assert found.left_out + len(found.nodes) > 4_900
    assert len(found.nodes) < 400
    do(session, "forward", "backward 1")
    found = view(session, (120, 40))
    assert {found.at, found.next} <= {node.number for node in found.nodes}
    do(session, "fold")
    assert view(session).left_out + len(view(session).nodes) < 200
    assert session.ask(m.AskComparison()).difference < 1e-10


# ---------------------------------------------------------------- coming back


WORKED = [TAUGHT, "forward", "backward", "backward 2", "set a 2.5", "graph order depth", "backward 1", "point b"]


def test_undo_takes_back_each_step():
    session = opened()
    states = [state(session)]
    for line in WORKED[:-1]:
        do(session, line)
        states.append(state(session))
    for before in states[-2::-1]:
        do(session, "undo")
        assert state(session) == before


@pytest.mark.parametrize("opening", [TAUGHT, "graph loss"])
def test_it_is_saved_and_opens_again_exactly_so(opening):
    session = opened()
    leaf = "a" if opening == TAUGHT else "weights[0][1][0]"
    do(session, opening, "forward", "backward", "backward 2", f"set {leaf} 2.5", "backward 1", f"point {leaf}", "fold")
    other = opened(session.ask(m.AskScenario()).text)
    assert state(other) == {**state(session), "edits": [], "made": 0}
    third = Session()
    third.restore(session.snapshot())
    assert state(third)["graph"] == state(session)["graph"]
    assert view(other) == view(session)
    for each in (session, other, third):
        do(each, "backward")
    assert state(other)["graph"] == state(session)["graph"] == state(third)["graph"]


def test_a_saved_graph_that_does_not_fit_is_refused_by_a_sentence():
    session = opened()
    do(session, TAUGHT)
    text = session.ask(m.AskScenario()).text
    for wrong in (text.replace("graph b + c", "graph b - d"), text.replace("leaves = [", "leaves = [1.0, ")):
        other = Session()
        assert "state.graph cannot be made again" in errors(other.handle(m.Open(wrong)))[0]


def test_reset_puts_it_away_and_a_lesson_comes_back_to_it():
    session = opened()
    do(session, TAUGHT, "walk backward", "reset")
    assert session.desk.graph is None
    assert session.desk.walk == "training"
    lesson = opened(LESSON.replace('do = ["walk training"', f'do = ["{TAUGHT}", "forward 2", "walk training"'))
    do(lesson, "next")
    there = state(lesson)["graph"]
    do(lesson, "forward", "backward", "set a 5", "return")
    assert state(lesson)["graph"] == there


# ---------------------------------------------------------------- line by line


def test_both_passes_are_walked_line_by_line_on_a_copy():
    session = opened()
    do(session, TAUGHT, "forward", "walk backward")
    assert reading(session, "gradient_a") == 0.0
    seen = []
    for _ in range(60):
        do(session, "step")
        found = view(session)
        if found.parent_in_hand >= 0:
            names = {node.number: node.name for node in found.nodes}
            seen.append((names[found.in_hand], names[found.parent_in_hand]))
        if session.desk.clock.over:
            break
    assert seen == [("b + c", "b"), ("b + c", "c"), ("c", "c"), ("c", "b"), ("b", "b"), ("b", "a")]
    gradient = {node.name: node.gradient for node in view(session).nodes}
    assert (gradient["a"], gradient["b"], gradient["c"]) == (9.0, 3.0, 1.0), "as the walked call has them"
    assert gradients(session) == [0.0, 0.0, 0.0], "walking changes nothing but the place"
    do(session, "walk forward", "step 3")
    assert isinstance(session.ask(m.AskView("values")), m.ValuesView)
    do(session, "back 2")


def line_about_to_run(session):
    clock = session.desk.clock
    return clock.trace.source.line_text(clock.trace.lines[clock.event]).strip()


@pytest.mark.parametrize("passes", [1, 2])
def test_while_nodes_are_stepped_through_their_lines_come_along(passes):
    session = opened()
    do(session, TAUGHT, "walk forward", "forward 1")
    assert line_about_to_run(session) == "compute(current)"
    assert view(session).visit.name == "b", "the rule of the node is still told"
    do(session, "forward")
    assert not session.desk.clock.begun, "a pass that is over can be walked anew"
    do(session, *["backward"] * (passes - 1), "backward 2")
    assert line_about_to_run(session) == "hand_on(current)"
    held = gradients(session)
    seen = {node.name: node.gradient for node in view(session).nodes}
    assert [seen[name] for name in "abc"] == held
    do(session, "step 12")
    seen = {node.name: node.gradient for node in view(session).nodes}
    assert seen["a"] == (9.0, 33.0)[passes - 1], "the lines go on with the very pass that the nodes have begun"
    do(session, "back 40")
    seen = {node.name: node.gradient for node in view(session).nodes}
    assert seen["a"] == (0.0, 9.0)[passes - 1], "at its first line the pass has not begun"
    do(session, "step 1")
    other = opened(session.ask(m.AskScenario()).text)
    assert view(other) == view(session)


def test_where_lines_have_gone_on_the_nodes_catch_up():
    session = opened()
    do(session, TAUGHT, "forward", "walk backward")
    while view(session).in_hand != 4:  # c
        do(session, "step")
    assert visits(do(session, "backward 1")) == [("c", 12.0, 1.0)], "of d the lines had come through"
    assert gradients(session) == [0.0, 3.0, 1.0]
    do(session, "backward", "clear", "graph order wrong", "walk backward", "step 200")
    assert [name for name, *_ in visits(do(session, "backward 1"))] == ["b + c"], "all through: a pass begins"


def test_a_walk_through_the_graph_is_saved_with_it():
    session = opened()
    do(session, TAUGHT, "forward", "walk backward", "step 7")
    other = opened(session.ask(m.AskScenario()).text)
    assert state(other) == state(session)
    assert view(other) == view(session)
    third = Session()
    third.restore(session.snapshot())
    assert view(third) == view(session)


def test_the_code_that_is_walked_follows_the_pass():
    session = opened(CORNERS.replace("[training]", '[view]\nwalk = "forward"\n[training]'))
    assert session.desk.walk == "training", "until there is a graph"
    do(session, TAUGHT)
    assert session.ask(m.AskView("code")).function == "forward"
    do(session, "forward", "backward 1")
    assert session.ask(m.AskView("code")).function == "backward"
    do(session, "walk training", "backward")
    assert session.desk.walk == "training"


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_the_graph_of_a_loss_is_kept_as_it_was_when_the_activation_has_changed_since(name):
    """A sigmoid takes other nodes; relu as many as tanh, but other values would come out."""
    session = opened()
    do(session, "graph loss", "forward", "backward 3", f"activation {name}")
    before = state(session)["graph"]
    assert before.model == {"activation": "tanh"}
    again = opened(session.ask(m.AskScenario()).text)
    assert state(again)["graph"] == before
    assert again.desk.graph.progress == session.desk.graph.progress
    elsewhere = Session()
    elsewhere.restore(session.snapshot())
    assert elsewhere.desk.graph.progress == session.desk.graph.progress
    do(session, "graph loss", "forward")
    assert not state(session)["graph"].model


def test_graphs_that_could_be_come_back_to_count_as_memory():
    session = opened()
    before = session._moments.bytes_beside(session.desk)
    do(session, "graph loss", "forward", "graph loss")
    nodes = len(session.desk.graph.graph)
    assert session._moments.bytes_beside(session.desk) - before > 500 * nodes


def test_a_saved_graph_and_array_are_told_of_when_they_open_again():
    session = opened()
    do(session, "graph loss", "forward", "tensor 3 4", "tensor transpose")
    again = Session()
    facts = again.handle(m.Open(session.ask(m.AskScenario()).text, "again.toml")) + again.settle()
    (graph,) = told(facts, m.GraphOpened)
    assert graph == told(do(opened(), "graph loss"), m.GraphOpened)[0]
    (array,) = told(facts, m.ArrayMade)
    assert (array.what, array.view.shape) == ("array", (4, 3))


def test_an_expression_reaches_no_terminal_as_it_was_sent():
    session = opened(CORNERS)
    fact = session.handle(m.OpenGraph("a\t+\x0c1", (("a", "2"),)))[0]
    assert fact.title == session.ask(m.AskView("graph")).title == clean(fact.title)
    assert fact.title.isprintable()
