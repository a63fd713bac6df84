"""Fourier neural operator in 2-D (Li et al. 2021, arXiv 2010.08895), periodic, without batch norm or padding.

v0 = P a(x, y), a of 3 channels (a, x, y);  v_{k+1} = s(F^-1 R_k F v_k + W_k v_k + b_k), s = GELU (erf), identity after the last layer;  u = Q2 s(Q1 v + q1) + q2.
R_k acts on the modes |k_y| < modes (two corner blocks) and 0 <= k_x < modes of the half spectrum. Loss: mean over the batch of ||u' - u||_2 / ||u||_2.
"""
import numpy as np
import torch
import torch.nn.functional as F

from exchange import DATA_STREAM, dense, spectral, uniform

SIZES = {
    'full': dict(grid=64, width=32, modes=12, layers=4, projection=128, batch=16),
    'tiny': dict(grid=16, width=4, modes=3, layers=2, projection=8, batch=2),
}


def parameters(c):
    """Rows of a spectral weight are k_y = 0 … modes-1, -modes … -1; columns k_x = 0 … modes-1."""
    out = dense('lifting', 3, c['width'])
    for i in range(c['layers']):
        out += spectral(f'block{i}.spectral', (2 * c['modes'], c['modes']), c['width'], c['width'])
        out += dense(f'block{i}.pointwise', c['width'], c['width'])
    return out + dense('projection1', c['width'], c['projection']) + dense('projection2', c['projection'], 1)


def data(c, seed):
    """a = sum of c_k cos(2 pi k.x) + s_k sin(2 pi k.x) over 0 <= k_x <= 4, |k_y| <= 4, divided by 1 + |k|^2; v the same divided by its square; u = v + a v / 2."""
    n, cut = c['grid'], 4
    x = np.arange(n) / n
    y, x = np.meshgrid(x, x, indexing='ij')
    coefficients = uniform(seed, DATA_STREAM, (c['batch'], cut + 1, 2 * cut + 1, 2), -1.0, 1.0)
    a = np.zeros((c['batch'], n, n))
    v = np.zeros_like(a)
    for kx in range(cut + 1):
        for ky in range(-cut, cut + 1):
            phase = 2 * np.pi * (kx * x + ky * y)
            part = coefficients[:, kx, ky + cut]
            term = part[:, 0, None, None] * np.cos(phase) + part[:, 1, None, None] * np.sin(phase)
            scale = 1.0 + kx * kx + ky * ky
            a += term / scale
            v += term / scale ** 2
    ones = np.ones((c['batch'], 1, 1))
    return {'input': np.stack([a, ones * x, ones * y], axis=-1), 'target': (v + 0.5 * a * v)[..., None]}


def prepare(c, arrays, dtype):
    """The usual PyTorch layout [batch, channel, y, x]."""
    return {name: torch.tensor(np.moveaxis(arrays[name], -1, 1).copy(), dtype=dtype) for name in ('input', 'target')}


def torch_parameters(c, values, dtype):
    """PyTorch's tensors from those of the file: both corner blocks as complex [in, out, k_y, k_x]."""
    m = c['modes']
    out = {}
    for i in range(c['layers']):
        whole = values.pop(f'block{i}.spectral.real') + 1j * values.pop(f'block{i}.spectral.imaginary')
        for name, rows in (('low', whole[:m]), ('high', whole[m:])):
            out[f'block{i}.spectral.{name}'] = torch.tensor(rows.transpose(2, 3, 0, 1).copy(), dtype=torch.complex64 if dtype == torch.float32 else torch.complex128)
    return out


def file_parameters(c, tensors):
    out = {}
    for i in range(c['layers']):
        whole = np.concatenate([tensors.pop(f'block{i}.spectral.{name}').transpose(2, 3, 0, 1) for name in ('low', 'high')])
        out[f'block{i}.spectral.real'], out[f'block{i}.spectral.imaginary'] = whole.real, whole.imag
    return out


def spectral_conv(p, name, v, m):
    batch, width, n, _ = v.shape
    spectrum = torch.fft.rfft2(v)
    out = torch.zeros(batch, width, n, n // 2 + 1, dtype=spectrum.dtype)
    out[:, :, :m, :m] = torch.einsum('bixy,ioxy->boxy', spectrum[:, :, :m, :m], p[f'{name}.low'])
    out[:, :, -m:, :m] = torch.einsum('bixy,ioxy->boxy', spectrum[:, :, -m:, :m], p[f'{name}.high'])
    return torch.fft.irfft2(out, s=(n, n))


def forward(c, p, d, variant=None):
    def dense_layer(name, v):
        return F.conv2d(v, p[f'{name}.kernel'][:, :, None, None], p[f'{name}.bias'])
    v = dense_layer('lifting', d['input'])
    for i in range(c['layers']):
        v = spectral_conv(p, f'block{i}.spectral', v, c['modes']) + dense_layer(f'block{i}.pointwise', v)
        if i < c['layers'] - 1:
            v = F.gelu(v)
    return dense_layer('projection2', F.gelu(dense_layer('projection1', v)))


def loss(c, p, d, variant=None):
    output, target = forward(c, p, d), d['target']
    batch = target.shape[0]
    return (torch.norm((output - target).reshape(batch, -1), dim=1) / torch.norm(target.reshape(batch, -1), dim=1)).mean()


def file_output(output):
    return np.moveaxis(output, 1, -1)


VARIANTS = ['rfft2']
