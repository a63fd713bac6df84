"""DeepONet (Lu et al. 2021, doi 10.1038/s42256-021-00302-5) whose functions share their query points.

u(f)(y) = sum_k branch_k(f(x_1), …, f(x_m)) trunk_k(y) + bias; branch: dense layers with tanh on all but the last; trunk: dense layers with tanh on all.
(With ReLU PyTorch's own float32 and float64 curves part by 3e-4 within 50 steps, so that nothing could be compared.)
Loss: mean over functions of ||u' - u||_2 / ||u||_2 over the query points.
"""
import numpy as np
import torch
import torch.nn.functional as F

from exchange import DATA_STREAM, Parameter, dense, uniform

SIZES = {
    'full': dict(sensors=100, width=128, depth=3, batch=1000, points=100),
    'tiny': dict(sensors=10, width=8, depth=3, batch=4, points=6),
}


def parameters(c):
    out = []
    for net, inputs in (('branch', c['sensors']), ('trunk', 2)):
        for i in range(c['depth']):
            out += dense(f'{net}.dense{i}', inputs if i == 0 else c['width'], c['width'])
    return out + [Parameter('bias', 'bias', (1,), c['width'])]


def data(c, seed):
    """Heat: f = sum over 1 <= k <= 8 of c_k sin(k pi x) / k at x_i = i / (m - 1), the solution sum of c_k exp(-k^2 t / 20) sin(k pi x) / k at random points (x, t) of the unit square."""
    modes = 8
    coefficients = uniform(seed, DATA_STREAM, (c['batch'], modes), -1.0, 1.0)
    points = uniform(seed, DATA_STREAM + 1, (c['points'], 2))
    sensors = np.arange(c['sensors']) / (c['sensors'] - 1)
    functions = np.zeros((c['batch'], c['sensors']))
    target = np.zeros((c['batch'], c['points']))
    for k in range(1, modes + 1):
        functions += coefficients[:, k - 1, None] / k * np.sin(k * np.pi * sensors)
        target += coefficients[:, k - 1, None] / k * (np.exp(-k * k * points[:, 1] / 20) * np.sin(k * np.pi * points[:, 0]))
    return {'input': functions, 'points': points, 'target': target}


def prepare(c, arrays, dtype):
    return {name: torch.tensor(arrays[name], dtype=dtype) for name in ('input', 'points', 'target')}


def torch_parameters(c, values, dtype):
    return {}


def file_parameters(c, tensors):
    return {}


def forward(c, p, d, variant=None):
    branch, trunk = d['input'], d['points']
    for i in range(c['depth']):
        branch = F.linear(branch, p[f'branch.dense{i}.kernel'], p[f'branch.dense{i}.bias'])
        if i < c['depth'] - 1:
            branch = torch.tanh(branch)
        trunk = torch.tanh(F.linear(trunk, p[f'trunk.dense{i}.kernel'], p[f'trunk.dense{i}.bias']))
    return branch @ trunk.T + p['bias']


def loss(c, p, d, variant=None):
    output, target = forward(c, p, d), d['target']
    return (torch.norm(output - target, dim=1) / torch.norm(target, dim=1)).mean()


def file_output(output):
    return output


VARIANTS = ['cartesian']
