"""Fourier neural operator in 1-D (Li et al. 2021, arXiv 2010.08895), periodic, without batch norm or padding: see fno_2d.py, with modes 0 <= k < modes."""
import numpy as np
import torch
import torch.nn.functional as F

from exchange import DATA_STREAM, dense, spectral, uniform

SIZES = {
    'full': dict(grid=1024, width=64, modes=16, layers=4, projection=128, batch=20),
    'tiny': dict(grid=32, width=4, modes=3, layers=2, projection=8, batch=2),
}


def parameters(c):
    out = dense('lifting', 2, c['width'])
    for i in range(c['layers']):
        out += spectral(f'block{i}.spectral', (c['modes'],), c['width'], c['width'])
        out += dense(f'block{i}.pointwise', c['width'], c['width'])
    return out + dense('projection1', c['width'], c['projection']) + dense('projection2', c['projection'], 1)


def data(c, seed):
    """a = sum over 0 <= k <= 8 of (c_k cos(2 pi k x) + s_k sin(2 pi k x)) / (1 + k^2); v the same divided by the square; u = v + a v / 2. Input channels (a, x)."""
    n, cut = c['grid'], 8
    x = np.arange(n) / n
    coefficients = uniform(seed, DATA_STREAM, (c['batch'], cut + 1, 2), -1.0, 1.0)
    a = np.zeros((c['batch'], n))
    v = np.zeros_like(a)
    for k in range(cut + 1):
        term = coefficients[:, k, 0, None] * np.cos(2 * np.pi * k * x) + coefficients[:, k, 1, None] * np.sin(2 * np.pi * k * x)
        a += term / (1.0 + k * k)
        v += term / (1.0 + k * k) ** 2
    return {'input': np.stack([a, np.ones((c['batch'], 1)) * x], axis=-1), 'target': (v + 0.5 * a * v)[..., None]}


def prepare(c, arrays, dtype):
    """The usual PyTorch layout [batch, channel, x]."""
    return {name: torch.tensor(np.moveaxis(arrays[name], -1, 1).copy(), dtype=dtype) for name in ('input', 'target')}


def torch_parameters(c, values, dtype):
    out = {}
    for i in range(c['layers']):
        whole = values.pop(f'block{i}.spectral.real') + 1j * values.pop(f'block{i}.spectral.imaginary')
        out[f'block{i}.spectral'] = torch.tensor(whole.transpose(1, 2, 0).copy(), dtype=torch.complex64 if dtype == torch.float32 else torch.complex128)
    return out


def file_parameters(c, tensors):
    out = {}
    for i in range(c['layers']):
        whole = tensors.pop(f'block{i}.spectral').transpose(2, 0, 1)
        out[f'block{i}.spectral.real'], out[f'block{i}.spectral.imaginary'] = whole.real, whole.imag
    return out


def spectral_conv(weight, v, m):
    batch, width, n = v.shape
    spectrum = torch.fft.rfft(v)
    out = torch.zeros(batch, width, n // 2 + 1, dtype=spectrum.dtype)
    out[:, :, :m] = torch.einsum('bix,iox->box', spectrum[:, :, :m], weight)
    return torch.fft.irfft(out, n=n)


def forward(c, p, d, variant=None):
    def dense_layer(name, v):
        return F.conv1d(v, p[f'{name}.kernel'][:, :, None], p[f'{name}.bias'])
    v = dense_layer('lifting', d['input'])
    for i in range(c['layers']):
        v = spectral_conv(p[f'block{i}.spectral'], v, c['modes']) + dense_layer(f'block{i}.pointwise', v)
        if i < c['layers'] - 1:
            v = F.gelu(v)
    return dense_layer('projection2', F.gelu(dense_layer('projection1', v)))


def loss(c, p, d, variant=None):
    output, target = forward(c, p, d), d['target']
    batch = target.shape[0]
    return (torch.norm((output - target).reshape(batch, -1), dim=1) / torch.norm(target.reshape(batch, -1), dim=1)).mean()


def file_output(output):
    return np.moveaxis(output, 1, -1)


VARIANTS = ['rfft']
