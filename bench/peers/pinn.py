"""Physics-informed network for -lap(u) = f in the unit cube of d dimensions with values given on its boundary: a tanh network, depth x width, one output.

Loss: mean of (lap u + f)^2 over the interior points + mean of (u - g)^2 over the boundary points. Two ways to the Laplacian:
`autograd` nests reverse mode, as PINN codes do; `forward` carries value, gradient and Laplacian together through the layers (Taylor propagation, one stacked product a layer):
z = h W + b, then t = tanh z, grad t = t' grad z, lap t = t' lap z + t'' |grad z|^2 with t' = 1 - t^2, t'' = -2 t t'.
"""
import numpy as np
import torch
import torch.nn.functional as F

from exchange import DATA_STREAM, dense, uniform


def parameters(c):
    widths = [c['dimension']] + [c['width']] * c['depth'] + [1]
    return [p for i in range(c['depth'] + 1) for p in dense(f'dense{i}', widths[i], widths[i + 1])]


def data(c, seed):
    """Uniform points; boundary points on the faces in turn (x1 = 0, x1 = 1, x2 = 0, …). d = 2: u = sin(pi x) sin(pi y); otherwise u = sum of cos(pi x_i) / d."""
    d = c['dimension']
    interior = uniform(seed, DATA_STREAM, (c['points'], d))
    boundary = uniform(seed, DATA_STREAM + 1, (c['boundary'], d))
    for i in range(c['boundary']):
        face = i % (2 * d)
        boundary[i, face // 2] = face % 2

    def exact(x):
        return np.sin(np.pi * x[:, 0]) * np.sin(np.pi * x[:, 1]) if d == 2 else np.cos(np.pi * x).sum(axis=1) / d
    factor = np.pi ** 2 * (2 if d == 2 else 1)
    return {'interior': interior, 'boundary': boundary, 'source': factor * exact(interior)[:, None], 'value': exact(boundary)[:, None]}


def prepare(c, arrays, dtype):
    return {name: torch.tensor(arrays[name], dtype=dtype) for name in ('interior', 'boundary', 'source', 'value')}


def torch_parameters(c, values, dtype):
    return {}


def file_parameters(c, tensors):
    return {}


def network(c, p, x):
    for i in range(c['depth']):
        x = torch.tanh(F.linear(x, p[f'dense{i}.kernel'], p[f'dense{i}.bias']))
    return F.linear(x, p[f"dense{c['depth']}.kernel"], p[f"dense{c['depth']}.bias"])


def laplacian_autograd(c, p, x, training):
    x = x.detach().requires_grad_(True)
    u = network(c, p, x)
    gradient, = torch.autograd.grad(u, x, torch.ones_like(u), create_graph=True)
    total = 0
    for axis in range(c['dimension']):
        component = gradient[:, axis:axis + 1]
        last = axis == c['dimension'] - 1
        second, = torch.autograd.grad(component, x, torch.ones_like(component), create_graph=training, retain_graph=training or not last)
        total = total + second[:, axis:axis + 1]
    return total


def laplacian_forward(c, p, x, training):
    """Slots of the stack: the value, d first derivatives, the Laplacian. The first layer's derivatives are rows of its kernel, the same for every point."""
    d, (points, _) = c['dimension'], x.shape
    kernel, bias = p['dense0.kernel'], p['dense0.bias']
    t = torch.tanh(F.linear(x, kernel, bias))
    slope = 1 - t * t
    gradient = slope * kernel.T[:, None, :]
    laplacian = -2 * t * slope * (kernel * kernel).sum(dim=1)
    for i in range(1, c['depth'] + 1):
        stack = torch.cat([t[None], gradient, laplacian[None]])
        z = (stack.reshape((d + 2) * points, -1) @ p[f'dense{i}.kernel'].T).reshape(d + 2, points, -1)
        if i == c['depth']:
            return z[d + 1]
        t = torch.tanh(z[0] + p[f'dense{i}.bias'])
        slope = 1 - t * t
        gradient = slope * z[1:d + 1]
        laplacian = slope * z[d + 1] - 2 * t * slope * (z[1:d + 1] * z[1:d + 1]).sum(dim=0)


LAPLACIANS = {'autograd': laplacian_autograd, 'forward': laplacian_forward}


def forward(c, p, d, variant='forward'):
    """What is compared and timed as inference: the Laplacian of the network where the size says so, otherwise its value, at the interior points."""
    if c['infer'] == 'laplacian':
        return LAPLACIANS[variant](c, p, d['interior'], False)
    return network(c, p, d['interior'])


def loss(c, p, d, variant='forward'):
    residual = LAPLACIANS[variant](c, p, d['interior'], True) + d['source']
    mismatch = network(c, p, d['boundary']) - d['value']
    return (residual * residual).mean() + (mismatch * mismatch).mean()


def file_output(output):
    return output


VARIANTS = ['autograd', 'forward']
