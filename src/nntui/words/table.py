"""The words, a row each: how it is written, one sentence of help, and how it is read."""

from __future__ import annotations

from nntui import messages as m
from nntui.words.arguments import address_and_number, bare, count, moving, named, nothing, own, value
from nntui.words.races import optional, read_race, read_widths
from nntui.words.reading import (
    read_accuse,
    read_axis,
    read_draw,
    read_graph,
    read_input,
    read_landscape,
    read_layers,
    read_mistake,
    read_pin,
    read_sample,
    read_show,
    read_slope,
    read_stages,
    read_sweep,
    read_tensor,
    read_walk,
    read_why,
)
from nntui.words.word import TABLE, Word

MOST_TRIES = 1_000

_MOVE, _CHANGE, _LOOK, _LESSON, _SPEAK = "move", "change", "look", "lesson", "speak"

_ROWS = (
    Word("next", "next", "Go on with the lesson.", nothing("next", m.Next()), _LESSON),
    Word("previous", "previous", "Go back to the end of the beat before.", nothing("previous", m.Previous()), _LESSON),
    Word("answer", "answer N",
         "Answer the question with choice N; the number alone will do.",
         count("answer", "a choice", m.Answer, 1, 9), _LESSON),
    Word("return", "return",
         "Come back from a detour to where the lesson stands.", nothing("return", m.Return()), _LESSON),
    Word("open", "open LESSON", "Open a lesson by number, name or file.", own("open", needs=True), _LESSON),
    Word("reset", "reset",
         "Go back to the start of the lesson: its weights, its data, step 0.", nothing("reset", m.Reset()), _LESSON),
    Word("step", "step [N] [line|call|into|over|out|pass|neuron|layer|sample|step|epoch]",
         "Go forwards; a line unless told otherwise.", moving("step", m.Step), _MOVE),
    Word("into", "into",
         "Go on to the first line of the next function called.", nothing("into", m.Step(1, "into")), _MOVE),
    Word("over", "over", "Run the line whole, with all that it calls.", nothing("over", m.Step(1, "over")), _MOVE),
    Word("out", "out", "Run on until this function has returned.", nothing("out", m.Step(1, "out")), _MOVE),
    Word("back", "back [N] [UNIT]", "Go back in time; a line unless told otherwise.", moving("back", m.Back), _MOVE),
    Word("goto", "goto N [UNIT]",
         "Go to training step N, or epoch N, sample N; within the call walked to line N of those run, pass N of "
         "this loop, neuron N, layer N, call N.", moving("goto", m.Goto, low=0), _MOVE),
    Word("run", "run N",
         "Train for N steps and tell the end.", count("run", "the number of steps", m.Run, 1, m.MOST_STEPS), _MOVE),
    Word("try", "try [N]",
         "Try one random twist, or N, and tell each; under the gradient, take a step downhill.",
         count("try", "the number of tries", m.Try, 1, MOST_TRIES, default=1), _MOVE),
    Word("stop", "stop", "Stop what is running.", nothing("stop", m.Stop()), _MOVE),
    Word("walk", "walk predict|training|forward|backward|stage N|bug N",
         "Choose the call that is stepped through: one prediction, the next training step, a pass through the graph, "
         "stage 1 to 4 of the loops folded into arrays, or bug 1 to 3, each a step downhill that is wrong somewhere.",
         read_walk, _MOVE),
    Word("break", "break LINE",
         "Stop at this line of the source when running; the same again clears it.",
         count("break", "a line", m.Break, 1, 1_000_000), _MOVE),
    Word("until", "until LINE",
         "Run on until this line of the source is about to run, in this call.",
         count("until", "a line", m.Until, 1, 1_000_000), _MOVE),
    Word("accuse", "accuse [LINE]",
         "In a room with a bug, after walk bug 1: say which line is wrong; the one about to run unless told otherwise.",
         read_accuse, _MOVE),
    Word("undo", "undo", "Take back the last command.", nothing("undo", m.Undo()), _MOVE),
    Word("set", "set WEIGHT VALUE",
         "Give a weight or bias a value, as in: set weights[1][0][2] 0.5",
         address_and_number("set", m.SetValue), _CHANGE),
    Word("twist", "twist WEIGHT AMOUNT",
         "Turn a weight or bias by an amount, as in: twist biases[0][1] -0.1",
         address_and_number("twist", m.Twist), _CHANGE),
    Word("size", "size X", "Draw random twists from ±X.", value("size", "the size of twists", m.TwistSize), _CHANGE),
    Word("batch", "batch N",
         "Compute the loss of a step over N samples.", count("batch", "a batch", m.BatchSize, 1, 100_000), _CHANGE),
    Word("rate", "rate X",
         "Go X times the gradient downhill at each step: the learning rate.",
         value("rate", "the learning rate", m.LearningRate), _CHANGE),
    Word("optimizer", "optimizer sgd|momentum|adam",
         "Choose how the gradient becomes a step: plainly, by momentum, or by Adam.",
         named("optimizer", m.Optimizer), _CHANGE),
    Word("momentum", "momentum X",
         "Keep a share X of the velocity from step to step, with the optimizer momentum.",
         value("momentum", "momentum", m.Momentum), _CHANGE),
    Word("decay", "decay X",
         "Let weights shrink at each step by X times the learning rate, of themselves: weight decay.",
         value("decay", "weight decay", m.WeightDecay), _CHANGE),
    Word("use", "use RUNG", "Go on training on another rung: loops, numpy or numba.", named("use", m.Use), _CHANGE),
    Word("method", "method NAME",
         "Choose how the network learns: by twist or by gradient.", named("method", m.Method), _CHANGE),
    Word("seed", "seed N",
         "Start again with the dice, and the weights if they are drawn, of another seed.",
         count("seed", "a seed", m.Reseed, 0, 2**32 - 1), _CHANGE),
    Word("data", "data NAME", "Start again on another data set.", named("data", m.UseData), _CHANGE),
    Word("noise", "noise X",
         "Start again with a share of noise in the data, 0 to 0.5.", value("noise", "the noise", m.Noise), _CHANGE),
    Word("layers", "layers 2,4,1", "Start again with other layer sizes, inputs first.", read_layers, _CHANGE),
    Word("activation", "activation NAME",
         "Bend the hidden layers by tanh, relu, sigmoid or linear.", named("activation", m.Activation), _CHANGE),
    Word("output", "output NAME",
         "Bend the last layer by tanh, relu, sigmoid or linear.", named("output", m.OutputActivation), _CHANGE),
    Word("sample", "sample N [test]",
         "Look at sample N of those to train on, or of those to test with.", read_sample, _LOOK),
    Word("mistake", "mistake [back]",
         "Look at the next sample that is answered wrongly, or the one before; of those to test with, where there are "
         "any.", read_mistake, _LOOK),
    Word("input", "input X [X ...]", "Look at an input of your own, as in: input 0.5 -1", read_input, _LOOK),
    Word("point", "point WEIGHT",
         "Point at a weight or bias.", named("point", lambda a: m.Point(a.replace(" ", ""))), _LOOK),
    Word("slope", "slope [WEIGHT] SIZE, or slope off",
         "Tell the slope of the loss along a weight or bias, by a twist of this size, as in: "
         "slope weights[0][1][0] 0.01", read_slope, _LOOK),
    Word("gradient", "gradient",
         "Tell the slope along every weight and bias, by twists and by backpropagation, and what each way costs.",
         nothing("gradient", m.AskView("gradient")), _LOOK),
    Word("draw", "draw gradient|weights",
         "Show the gradient on the network's edges, or the weights.", read_draw, _LOOK),
    Word("landscape", "landscape [WEIGHT WEIGHT] [REACH]",
         "Tell the loss over two weights, so far on each side, and the way that training has come, as in: "
         "landscape weights[0][0][0] weights[0][0][1] 2; `same` stands for the weight of the last time.",
         read_landscape, _LOOK),
    Word("sweep", "sweep [SIZE]",
         "Twist every weight and bias once, up and down, and tell which matter most.", read_sweep, _LOOK),
    Word("why", "why [VALUE]",
         "Open a value into what made it: output, outputs[0][1], inputs[0], loss, sample loss, sample 3, "
         "total, weights[0][0][1], gradient weights[0][0][1].", read_why, _LOOK),
    Word("show",
         "show code|values|network|diagram|loss|twist [WEIGHT]|picture|landscape|sweep|gradient|confusion|graph|tensor|"
         "ladder|race|widths|weights|settings",
         "Tell how something looks: the code about to run, its values, the network, how it is drawn, the course of "
         "the loss, one weight and what turning it would do, the picture, the loss over two weights, which weights "
         "matter, the gradient, which classes are taken for which, the graph, the array at hand, a rung of the ladder, "
         "the race of the rungs, the race over widths, all weights, all settings.",
         read_show, _LOOK),
    Word("pin", "pin [NAME]",
         "Keep the curve of the loss on the plot, beside those to come; its name is the method's unless told "
         "otherwise.", read_pin, _LOOK),
    Word("unpin", "unpin", "Take the curves that were kept from the plot.", nothing("unpin", m.Unpin()), _LOOK),
    Word("axis", "axis steps|predictions|seconds",
         "Plot the loss over the steps, or over what they cost: in predictions, or in seconds.", read_axis, _LOOK),
    Word("graph", "graph EXPRESSION [NAME=EXPRESSION ...], graph loss, graph order topological|depth, graph compare",
         "Make the graph of an expression, as in: graph tanh(a*b + c) a=2 b=-3 c=0.5; or of the network's own loss "
         "for the sample looked at. Choose the order in which backward visits it; compare its gradients with those "
         "known otherwise.", read_graph, _CHANGE),
    Word("forward", "forward [N]",
         "Compute the values of the next N nodes of the graph, or of all.",
         count("forward", "the number of nodes", m.Forward, 1, m.MOST_STEPS, default=0), _MOVE),
    Word("backward", "backward [N]",
         "Let the next N nodes of the graph, or all, hand their gradients on to what they came from.",
         count("backward", "the number of nodes", m.Backward, 1, m.MOST_STEPS, default=0), _MOVE),
    Word("clear", "clear", "Set all gradients of the graph to 0.", nothing("clear", m.ClearGradients()), _CHANGE),
    Word("fold", "fold [NEURON]",
         "Draw a neuron of the graph as one node, as in: fold outputs[0][1]; or all of them; the same again unfolds.",
         lambda rest: m.Fold("".join(rest)[:200]), _LOOK),
    Word("tensor", "tensor 3 4|weights N|inputs|transpose|reshape 2 6|slice 0:2 1|broadcast 5 3 4|flatten|order column|"
         "element 1 2|left|right|up|down|back|product [2 3 4]|next [N]|cell|rest",
         "Lay numbers out in memory: tensor 3 4 makes 3 rows of 4, tensor weights 0 takes the weights of layer 0, "
         "tensor inputs a batch of samples. Make another array of it: transpose, reshape 2 6, slice 0:2 1 (rows 0 and "
         "1, column 1), broadcast 5 3 4, flatten, order column; back goes to the array before. Look at one element: "
         "element 1 2, then left, right, up, down. tensor product multiplies the inputs by weights, tensor product 2 3 "
         "4 a matrix of 2 by 3 by one of 3 by 4; next, cell and rest go on by one multiply-add, one cell, all.",
         read_tensor, _LOOK),
    Word("stages", "stages [N]",
         "Compare the loops with the array operations that they fold into, one loop at a time, on N samples; walk "
         "stage 1 to 4 steps through them.", read_stages, _LOOK),
    Word("race", "race [SECONDS] [RUNG,RUNG] [32|64|32,64], race widths [SECONDS] [RUNGS], race with FILE, race alone",
         "Race the rungs: the same work from the same weights for so many seconds each, as in: race 1 numpy,numba 32. "
         "race widths races them on networks of 2 to 10,000 hidden neurons; race with FILE draws a saved result of "
         "nntui race --json beside, race alone none any more.", read_race, _LOOK),
    Word("widths", "widths [SECONDS] [RUNG,RUNG]",
         "Race the rungs on networks of 2 to 10,000 hidden neurons: which wins at which size.", read_widths, _LOOK),
    Word("ladder", "ladder [RUNG]",
         "Look at a rung of the ladder beside the one below: its trick, and its source.",
         optional("ladder", m.Climb), _LOOK),
    Word("check", "check [RUNG]",
         "Check a rung against the loops: the same steps from the same weights.", optional("check", m.Check), _LOOK),
    Word("where", "where", "Tell where you are.", nothing("where", m.AskWhere()), _LOOK),
    Word("summary", "summary", "Tell what this is and what has been done.", nothing("summary", m.AskSummary()), _LOOK),
    Word("repeat", "repeat", "Tell the last thing again.", bare("repeat"), _SPEAK),
    Word("more", "more", "Tell what did not fit.", bare("more"), _SPEAK),
    Word("brief", "brief", "Say as little as will do.", bare("brief"), _SPEAK),
    Word("normal", "normal", "Say what is usual.", bare("normal"), _SPEAK),
    Word("full", "full", "Say all of it at once.", bare("full"), _SPEAK),
    Word("digits", "digits N|exact",
         "Say numbers with N significant digits, or exactly.", own("digits", needs=True), _SPEAK),
    Word("names", "names code|spoken",
         "Say names as the code writes them, or as one speaks them.", own("names", needs=True), _SPEAK),
    Word("width", "width N", "Break lines after N columns, 20 to 200.", own("width", needs=True), _SPEAK),
    Word("save", "save FILE",
         "Save all of this as a scenario that opens again exactly here.", own("save", needs=True), _SPEAK),
    Word("help", "help [WORD]", "Tell the words, or one.", own("help"), _SPEAK),
    Word("quit", "quit", "End.", bare("quit"), _SPEAK),
)  # fmt: skip

TABLE.update((word.name, word) for word in _ROWS)
