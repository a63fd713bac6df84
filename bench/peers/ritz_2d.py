"""Deep Ritz for -lap(u) = f in the unit square (E & Yu 2018): network and points of pinn_2d.py; loss = mean of |grad u|^2 / 2 - f u over the interior points + 500 times the mean of (u - g)^2 over the boundary points.

`autograd`: the gradient by reverse mode with a graph of its own, as Deep Ritz codes do; `forward` carries value and gradient together through the layers.
"""
import torch

from pinn import data, file_output, file_parameters, forward, network, parameters, prepare, torch_parameters  # noqa: F401
from pinn_2d import SIZES  # noqa: F401
import torch.nn.functional as F

PENALTY = 500


def gradient_autograd(c, p, x):
    x = x.detach().requires_grad_(True)
    u = network(c, p, x)
    gradient, = torch.autograd.grad(u, x, torch.ones_like(u), create_graph=True)
    return u, (gradient * gradient).sum(dim=1, keepdim=True)


def gradient_forward(c, p, x):
    """Slots of the stack: the value, then the two first derivatives."""
    d, (points, _) = c['dimension'], x.shape
    kernel, bias = p['dense0.kernel'], p['dense0.bias']
    t = torch.tanh(F.linear(x, kernel, bias))
    gradient = (1 - t * t) * kernel.T[:, None, :]
    for i in range(1, c['depth'] + 1):
        stack = torch.cat([t[None], gradient])
        z = (stack.reshape((d + 1) * points, -1) @ p[f'dense{i}.kernel'].T).reshape(d + 1, points, -1)
        if i == c['depth']:
            return z[0] + p[f'dense{i}.bias'], (z[1:] * z[1:]).sum(dim=0)
        t = torch.tanh(z[0] + p[f'dense{i}.bias'])
        gradient = (1 - t * t) * z[1:]


GRADIENTS = {'autograd': gradient_autograd, 'forward': gradient_forward}


def loss(c, p, d, variant='forward'):
    u, squares = GRADIENTS[variant](c, p, d['interior'])
    mismatch = network(c, p, d['boundary']) - d['value']
    return (squares / 2 - d['source'] * u).mean() + PENALTY * (mismatch * mismatch).mean()


VARIANTS = ['autograd', 'forward']
