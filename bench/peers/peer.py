"""PyTorch's side of a learning bench: the same model from the same initial parameters on the same data, trained by Adam.

usage: peer.py NAME DIRECTORY [--size full|tiny] [--precision float32|float64] [--threads N] [--steps 50] [--seed 1] [--repetitions N] [--variant NAME] [--only curve|time]

NAME: fno-2d, fno-1d, unet, deeponet, pinn-2d, ritz-2d, laplacian-10d. DIRECTORY/initial.npz is read, or written where it is absent. `curve` writes DIRECTORY/NAME-PRECISION.npz: losses (before each
step and after the last), gradient.* of the first step, output.initial, output.final. `time` prints one JSON line per variant: medians of seconds and of processor time for a training step and for
inference, and the largest resident memory in bytes. Layouts and names: README.md.
"""
import argparse
import importlib
import json
import os
import resource
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument('name')
parser.add_argument('directory')
parser.add_argument('--size', default='full')
parser.add_argument('--precision', default='float32')
parser.add_argument('--threads', type=int, default=1)
parser.add_argument('--steps', type=int, default=50)
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--repetitions', type=int, default=20)
parser.add_argument('--variant')
parser.add_argument('--only')
arguments = parser.parse_args()
for variable in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
    os.environ[variable] = str(arguments.threads)

import numpy as np  # noqa: E402
try:
    import torch  # noqa: E402
except ImportError:
    print('PyTorch is missing: the peer is left out', file=sys.stderr)
    sys.exit(3)

import exchange  # noqa: E402

torch.set_num_threads(arguments.threads)
model = importlib.import_module(arguments.name.replace('-', '_'))
config = model.SIZES[arguments.size]
dtype = getattr(torch, arguments.precision)
specification = model.parameters(config)
kinds = {p.name: p.kind for p in specification}

os.makedirs(arguments.directory, exist_ok=True)
path = os.path.join(arguments.directory, 'initial.npz')
if not os.path.exists(path):
    np.savez(path, **exchange.initial(specification, arguments.seed), **{f'data.{name}': values for name, values in model.data(config, arguments.seed).items()})
with np.load(path) as file:
    arrays = {name: file[name] for name in file.files}
data = model.prepare(config, {name[5:]: values for name, values in arrays.items() if name.startswith('data.')}, dtype)


def load():
    values = {name: arrays[name] for name in kinds}
    tensors = model.torch_parameters(config, values, dtype)
    for name, value in values.items():
        tensors[name] = torch.tensor(exchange.to_torch(kinds[name], value).copy(), dtype=dtype)
    return {name: tensor.requires_grad_(True) for name, tensor in tensors.items()}


def to_file(tensors):
    values = {name: tensor.detach().numpy() for name, tensor in tensors.items()}
    out = model.file_parameters(config, values)
    out.update({name: exchange.from_torch(kinds[name], value) for name, value in values.items()})
    return out


def adam(tensors):
    return torch.optim.Adam(tensors.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8)


def step(tensors, optimizer, variant):
    optimizer.zero_grad(set_to_none=True)
    value = model.loss(config, tensors, data, variant)
    value.backward()
    optimizer.step()
    return value


def infer(tensors, variant):
    # Nested reverse mode needs gradients even to evaluate.
    if variant == 'autograd' and config.get('infer') == 'laplacian':
        return model.forward(config, tensors, data, variant).detach()
    with torch.inference_mode():
        return model.forward(config, tensors, data, variant)


def curve(variant):
    tensors = load()
    optimizer = adam(tensors)
    out = {'output.initial': model.file_output(infer(tensors, variant).numpy())}
    losses = []
    for i in range(arguments.steps):
        losses.append(float(step(tensors, optimizer, variant)))
        if i == 0:
            gradients = {name: tensor.grad if tensor.grad is not None else torch.zeros_like(tensor) for name, tensor in tensors.items()}
            out.update({f'gradient.{name}': value for name, value in to_file(gradients).items()})
    losses.append(float(model.loss(config, tensors, data, variant)))
    out['losses'] = np.array(losses)
    out['output.final'] = model.file_output(infer(tensors, variant).numpy())
    np.savez(os.path.join(arguments.directory, f'{arguments.name}-{arguments.precision}.npz'), **{name: np.asarray(value, dtype=np.float64) for name, value in out.items()})
    print(json.dumps({'name': arguments.name, 'kind': 'curve', 'precision': arguments.precision, 'variant': variant, 'first': losses[0], 'last': losses[-1]}), flush=True)


def median(run):
    """Medians of wall-clock and processor time; on a machine with other work the second one says more."""
    for _ in range(3):
        run()
    wall, processor = [], []
    for _ in range(arguments.repetitions):
        started, worked = time.perf_counter(), time.process_time()
        run()
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return float(np.median(wall)), float(np.median(processor))


def timing(variant):
    tensors = load()
    optimizer = adam(tensors)
    seconds, step_processor = median(lambda: step(tensors, optimizer, variant))
    inference, inference_processor = median(lambda: infer(tensors, variant))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({'name': arguments.name, 'kind': 'time', 'peer': f'PyTorch {torch.__version__}', 'variant': variant, 'precision': arguments.precision, 'threads': arguments.threads,
                      'step_seconds': seconds, 'inference_seconds': inference, 'step_processor_seconds': step_processor, 'inference_processor_seconds': inference_processor, 'memory_bytes': memory}), flush=True)


variants = [arguments.variant] if arguments.variant else model.VARIANTS
if arguments.only != 'time':
    curve(variants[-1])
if arguments.only != 'curve':
    for variant in variants:
        timing(variant)
