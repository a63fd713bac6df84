"""U-Net (Ronneberger et al. 2015, arXiv 1505.04597) with same-size 3 x 3 convolutions and zero padding, without batch norm.

Levels 0 … levels-1 have base 2^level channels: two convolutions with ReLU each, 2 x 2 max pooling between levels. On the way up a 2 x 2 transposed convolution of stride 2 (its
outputs do not overlap: y[2i+a, 2j+b, o] = sum_c x[i, j, c] K[a, b, c, o] + bias), the skip connection put before it along the channels, two convolutions with ReLU; at the end a
1 x 1 convolution to one channel. Input (a, x, y) and loss as in fno_2d.py.
"""
import numpy as np
import torch
import torch.nn.functional as F

import fno_2d
from exchange import conv

SIZES = {
    'full': dict(grid=64, base=32, levels=4, batch=16),
    'tiny': dict(grid=16, base=3, levels=3, batch=2),
}


def double(name, inputs, outputs):
    return conv(f'{name}.conv1', (3, 3), inputs, outputs) + conv(f'{name}.conv2', (3, 3), outputs, outputs)


def parameters(c):
    channels = [c['base'] * 2 ** level for level in range(c['levels'])]
    out = []
    for level, width in enumerate(channels):
        out += double(f'down{level}', channels[level - 1] if level else 3, width)
    for level in reversed(range(c['levels'] - 1)):
        out += conv(f'up{level}.transposed', (2, 2), channels[level + 1], channels[level], 'transposed') + double(f'up{level}', 2 * channels[level], channels[level])
    return out + conv('output', (1, 1), channels[0], 1)


data, prepare, file_output = fno_2d.data, fno_2d.prepare, fno_2d.file_output


def torch_parameters(c, values, dtype):
    return {}


def file_parameters(c, tensors):
    return {}


def forward(c, p, d, variant=None):
    def relu_conv(name, v):
        return F.relu(F.conv2d(v, p[f'{name}.kernel'], p[f'{name}.bias'], padding=1))
    v, skips = d['input'], []
    if variant == 'channels-last':
        v = v.contiguous(memory_format=torch.channels_last)
    for level in range(c['levels']):
        v = relu_conv(f'down{level}.conv2', relu_conv(f'down{level}.conv1', F.max_pool2d(v, 2) if level else v))
        skips.append(v)
    for level in reversed(range(c['levels'] - 1)):
        v = F.conv_transpose2d(v, p[f'up{level}.transposed.kernel'], p[f'up{level}.transposed.bias'], stride=2)
        v = torch.cat([skips[level], v], dim=1)
        v = relu_conv(f'up{level}.conv2', relu_conv(f'up{level}.conv1', v))
    return F.conv2d(v, p['output.kernel'], p['output.bias'])


def loss(c, p, d, variant=None):
    output, target = forward(c, p, d, variant), d['target']
    batch = target.shape[0]
    return (torch.norm((output - target).reshape(batch, -1), dim=1) / torch.norm(target.reshape(batch, -1), dim=1)).mean()


VARIANTS = ['contiguous', 'channels-last']
