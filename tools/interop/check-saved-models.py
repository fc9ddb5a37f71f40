"""check-saved-models.py CASES: loads each SavedModel with TensorFlow and compares. Prints one line a check and the count last."""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy
import tensorflow as tf
from safetensors.numpy import load_file

tf.get_logger().setLevel("ERROR")

TOLERANCE = 1e-5
TRAJECTORY_TOLERANCE = 1e-4
failures = []
count = 0


def check(what, ok, detail):
    global count
    count += 1
    failures.extend([] if ok else [what])
    print(f"{'ok  ' if ok else 'FAIL'} {what}: {detail}")


def compare(what, ours, theirs, tolerance):
    """Largest difference, as a part of the largest value where that exceeds 1."""
    scale = max(1.0, float(numpy.abs(ours).max()))
    difference = float(numpy.abs(ours - theirs).max()) / scale
    check(what, ours.shape == theirs.shape and difference <= tolerance, f"largest difference {difference:.2e} (limit {tolerance:.0e}, largest value {scale:.2f})")


def trajectory(step, x, labels, grid):
    for t, t_prev in grid:
        x = step(x=x, t=[t] * len(x), t_prev=[t_prev] * len(x), **labels)["x_prev"]
    return x.numpy()


def run_by_session(directory, inputs):
    """The same by the loader of TensorFlow 1, which serving systems use, through the default signature."""
    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        signature = tf.compat.v1.saved_model.loader.load(session, ["serve"], directory).signature_def["serving_default"]
        feeds = {signature.inputs[name].name: value for name, value in inputs.items()}
        return session.run({name: info.name for name, info in signature.outputs.items()}, feeds)


def check_model(name, directory, answers, grid):
    a = load_file(answers)
    model = tf.saved_model.load(directory)
    check(f"{name}: signatures", sorted(model.signatures) == ["sample_step", "serving_default"], ", ".join(sorted(model.signatures)))
    step = model.signatures["sample_step"]
    labels = {"labels": a["labels"]} if "labels" in a else {}
    inputs = {"x": a["x"], "t": a["t"], "t_prev": a["t_prev"], **labels}
    named = {key: tuple(spec.shape) for key, spec in step.structured_input_signature[1].items()}
    check(f"{name}: inputs", named == {key: value.shape for key, value in inputs.items()}, str(named))
    outputs = {key: value.numpy() for key, value in step(**{key: tf.constant(value) for key, value in inputs.items()}).items()}
    check(f"{name}: outputs", sorted(outputs) == ["prediction", "x0", "x_prev"], ", ".join(sorted(outputs)))
    for key in ("prediction", "x0", "x_prev"):
        compare(f"{name}: {key}", a[key], outputs[key], TOLERANCE)
    compare(f"{name}: x_prev by a session", a["x_prev"], run_by_session(directory, inputs)["x_prev"], TOLERANCE)
    end = trajectory(step, tf.constant(a["start"]), {key: tf.constant(value) for key, value in labels.items()}, grid)
    compare(f"{name}: {len(grid)} steps", a["end"], end, TRAJECTORY_TOLERANCE)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        for case in json.load(file):
            check_model(**case)
    print(f"{count - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures or not count else 0)


main()
