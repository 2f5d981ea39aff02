// The algorithm of the TensorFlow Playground (its nn.ts) in JavaScript of our own: nodes and links are objects, a sample
// goes forward and back through them one at a time, derivatives add up in the links, and after a batch every link takes
// its step. Answers on a pipe as serving.py does.
"use strict";
const fs = require("fs");

const TANH = {
  output: (x) => Math.tanh(x),
  der: (x) => {
    const output = TANH.output(x);
    return 1 - output * output;
  },
};

class Link {
  constructor(source, dest) {
    this.isDead = false;
    this.source = source;
    this.dest = dest;
    this.weight = 0;
    this.errorDer = 0;
    this.accErrorDer = 0;
    this.numAccumulatedDers = 0;
  }
}

class Node {
  constructor(activation) {
    this.activation = activation;
    this.inputLinks = [];
    this.outputs = [];
    this.bias = 0;
    this.totalInput = 0;
    this.output = 0;
    this.outputDer = 0;
    this.inputDer = 0;
    this.accInputDer = 0;
    this.numAccumulatedDers = 0;
  }

  updateOutput() {
    this.totalInput = this.bias;
    for (let j = 0; j < this.inputLinks.length; j++) {
      const link = this.inputLinks[j];
      this.totalInput += link.weight * link.source.output;
    }
    this.output = this.activation.output(this.totalInput);
    return this.output;
  }
}

function buildNetwork(shape, first) {
  const network = [];
  let place = 0;
  for (let layer = 0; layer < shape.length; layer++) {
    const nodes = [];
    for (let i = 0; i < shape[layer]; i++) {
      const node = new Node(TANH);
      nodes.push(node);
      if (layer > 0) {
        for (const source of network[layer - 1]) {
          const link = new Link(source, node);
          link.weight = first[place++];
          source.outputs.push(link);
          node.inputLinks.push(link);
        }
      }
    }
    if (layer > 0) for (const node of nodes) node.bias = first[place++];
    network.push(nodes);
  }
  return network;
}

function forwardProp(network, inputs, offset) {
  const inputLayer = network[0];
  for (let i = 0; i < inputLayer.length; i++) inputLayer[i].output = inputs[offset + i];
  for (let layer = 1; layer < network.length; layer++) {
    const nodes = network[layer];
    for (let i = 0; i < nodes.length; i++) nodes[i].updateOutput();
  }
}

function backProp(network, targets, offset) {
  const last = network[network.length - 1];
  // The mean over the outputs, as in our other contestants; the playground has one output, and half the square.
  for (let i = 0; i < last.length; i++) last[i].outputDer = (2 / last.length) * (last[i].output - targets[offset + i]);
  for (let layer = network.length - 1; layer >= 1; layer--) {
    const nodes = network[layer];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      node.inputDer = node.outputDer * node.activation.der(node.totalInput); // bends once more, as there
      node.accInputDer += node.inputDer;
      node.numAccumulatedDers++;
    }
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      for (let j = 0; j < node.inputLinks.length; j++) {
        const link = node.inputLinks[j];
        if (link.isDead) continue;
        link.errorDer = node.inputDer * link.source.output;
        link.accErrorDer += link.errorDer;
        link.numAccumulatedDers++;
      }
    }
    if (layer === 1) continue;
    const sources = network[layer - 1];
    for (let i = 0; i < sources.length; i++) {
      const node = sources[i];
      node.outputDer = 0;
      for (let j = 0; j < node.outputs.length; j++) {
        const link = node.outputs[j];
        node.outputDer += link.weight * link.dest.inputDer;
      }
    }
  }
}

function updateWeights(network, learningRate) {
  for (let layer = 1; layer < network.length; layer++) {
    const nodes = network[layer];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (node.numAccumulatedDers > 0) {
        node.bias -= (learningRate * node.accInputDer) / node.numAccumulatedDers;
        node.accInputDer = 0;
        node.numAccumulatedDers = 0;
      }
      for (let j = 0; j < node.inputLinks.length; j++) {
        const link = node.inputLinks[j];
        if (link.isDead) continue;
        if (link.numAccumulatedDers > 0) {
          link.weight -= (learningRate / link.numAccumulatedDers) * link.accErrorDer;
          link.accErrorDer = 0;
          link.numAccumulatedDers = 0;
        }
      }
    }
  }
}

function numbers(file, Kind) {
  const bytes = fs.readFileSync(file);
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

let task = null;

function steps(count) {
  const { network, inputs, targets, orders, batch } = task;
  const wide = network[0].length;
  const out = network[network.length - 1].length;
  for (let step = 0; step < count; step++) {
    for (let i = 0; i < batch; i++) {
      const sample = orders[task.place++];
      forwardProp(network, inputs, sample * wide);
      backProp(network, targets, sample * out);
    }
    if (task.place + batch > orders.length) task.place = 0;
    updateWeights(network, task.learningRate);
  }
}

function seconds() {
  return Number(process.hrtime.bigint()) / 1e9;
}

function answer(message) {
  if (message.do === "prepare") {
    const began = seconds();
    task = {
      network: buildNetwork(message.sizes, numbers(`${message.folder}/first.f64`, Float64Array)),
      inputs: numbers(`${message.folder}/inputs.f64`, Float64Array),
      targets: numbers(`${message.folder}/targets.f64`, Float64Array),
      orders: numbers(`${message.folder}/orders.i32`, Int32Array),
      batch: message.batch,
      learningRate: message.learning_rate,
      place: 0,
    };
    return { ready: seconds() - began };
  }
  if (message.do === "check") {
    steps(message.steps);
    const flat = [];
    for (const nodes of task.network.slice(1)) {
      for (const node of nodes) for (const link of node.inputLinks) flat.push(link.weight);
      for (const node of nodes) flat.push(node.bias);
    }
    fs.writeFileSync(message.file, Buffer.from(new Float64Array(flat).buffer));
    return { checked: message.steps };
  }
  const began = seconds();
  let samples = 0;
  let took = 0;
  let count = 1;
  while (took < message.seconds) {
    const before = took;
    steps(count);
    samples += count * task.batch;
    took = seconds() - began;
    if (took - before < 0.005) count *= 2;
  }
  return { samples, seconds: took, width: 0 };
}

function say(object) {
  fs.writeSync(1, JSON.stringify(object) + "\n");
}

say({ version: process.version.slice(1), output: "tanh" });
require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    try {
      say(answer(JSON.parse(line)));
    } catch (error) {
      say({ error: String(error).split("\n")[0] });
    }
  });
