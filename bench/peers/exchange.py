"""What Residuum's learning benches and their PyTorch peers exchange: initial parameters and training data by a formula that both sides evaluate, and .npz files.

Arrays in files are float64 in the layouts of README.md; each side rounds them once to the precision it runs in.
"""
import numpy as np


def mix(x):
    """The integer hash `lowbias32` (Wellons 2018) on uint32, modulo 2^32: the same bits in NumPy and with Math.imul."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(seed, stream, shape, low=0.0, high=1.0):
    """Uniform numbers in [low, high): entry i (C order) of stream s is mix(i + mix(2654435761 (s + 1) + seed)) / 2^32, exact in float64."""
    key = mix(np.array([(2654435761 * (stream + 1) + seed) % 2 ** 32], dtype=np.uint32))
    count = int(np.prod(shape))
    bits = mix(np.arange(count, dtype=np.uint32) + key)
    return (low + (high - low) * (bits.astype(np.float64) / 2.0 ** 32)).reshape(shape)


class Parameter:
    """Name, shape and kind of one parameter. Kinds: dense [in, out], conv [kh, kw, in, out], transposed [kh, kw, in, out], bias [out], spectral [modes…, in, out]."""

    def __init__(self, name, kind, shape, fan_in):
        self.name, self.kind, self.shape, self.fan_in = name, kind, tuple(shape), fan_in

    def initial(self, seed, stream):
        """Spectral: uniform in [0, 1/(in·out)) (Li et al. 2021); everything else: uniform within ±1/sqrt(fan in), PyTorch's own rule."""
        if self.kind == 'spectral':
            return uniform(seed, stream, self.shape, 0.0, 1.0 / (self.shape[-2] * self.shape[-1]))
        bound = np.sqrt(1.0 / self.fan_in)
        return uniform(seed, stream, self.shape, -bound, bound)


def dense(name, inputs, outputs):
    return [Parameter(f'{name}.kernel', 'dense', (inputs, outputs), inputs), Parameter(f'{name}.bias', 'bias', (outputs,), inputs)]


def conv(name, kernel, inputs, outputs, kind='conv'):
    fan = inputs * int(np.prod(kernel))
    return [Parameter(f'{name}.kernel', kind, (*kernel, inputs, outputs), fan), Parameter(f'{name}.bias', 'bias', (outputs,), fan)]


def spectral(name, modes, inputs, outputs):
    return [Parameter(f'{name}.{part}', 'spectral', (*modes, inputs, outputs), inputs) for part in ('real', 'imaginary')]


def initial(parameters, seed):
    """Parameter number s in the list takes stream s; data takes the streams from 1000 on."""
    return {p.name: p.initial(seed, stream) for stream, p in enumerate(parameters)}


DATA_STREAM = 1000


def to_torch(kind, values):
    """From the layout of the files to PyTorch's own: dense [out, in], conv [out, in, kh, kw], transposed conv [in, out, kh, kw]."""
    if kind == 'dense':
        return values.T
    if kind == 'conv':
        return values.transpose(3, 2, 0, 1)
    if kind == 'transposed':
        return values.transpose(2, 3, 0, 1)
    return values


def from_torch(kind, values):
    if kind == 'dense':
        return values.T
    if kind == 'conv':
        return values.transpose(2, 3, 1, 0)
    if kind == 'transposed':
        return values.transpose(2, 3, 0, 1)
    return values
