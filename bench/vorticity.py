"""Peers of bench/vorticity.ts: ETDRK4 for the vorticity equation with NumPy's transforms and with FFTW's. One JSON line per method and size.

usage: vorticity.py STEPS REPETITIONS DT SIZE...
"""
import json
import sys
import time

import numpy as np

try:
    import pyfftw
except ImportError:
    pyfftw = None
    print('pyfftw is missing: its transforms are left out', file=sys.stderr)

steps, repetitions, dt = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
viscosity = 1e-4


class NumpyTransforms:
    name, threads = 'NumPy rfft2', 1

    def __init__(self, n):
        self.n = n

    def forward(self, values):
        return np.fft.rfft2(values)

    def inverse(self, spectrum):
        return np.fft.irfft2(spectrum, s=(self.n, self.n))


class FftwTransforms:
    def __init__(self, n, threads):
        self.name, self.threads = f'pyFFTW with NumPy arithmetic', threads
        self.values = pyfftw.empty_aligned((n, n))
        self.spectrum = pyfftw.empty_aligned((n, n // 2 + 1), dtype=complex)
        options = dict(axes=(0, 1), threads=threads, flags=('FFTW_MEASURE',))
        self.plan = pyfftw.FFTW(self.values, self.spectrum, **options)
        self.back = pyfftw.FFTW(self.spectrum, self.values, direction='FFTW_BACKWARD', **options)

    def forward(self, values):
        self.values[:] = values
        return self.plan().copy()

    def inverse(self, spectrum):
        self.spectrum[:] = spectrum
        return self.back().copy()


def phi(z):
    """phi_1, phi_2, phi_3 by the mean over a circle around each z (Kassam & Trefethen 2005)."""
    r = z[..., None] + np.exp(2j * np.pi * (np.arange(32) + 0.5) / 32)
    e = np.exp(r)
    first = (e - 1) / r
    second = (first - 1) / r
    third = (second - 0.5) / r
    return first.mean(-1).real, second.mean(-1).real, third.mean(-1).real


def run(transforms, n):
    x = np.arange(n) / n
    y, x = np.meshgrid(x, x, indexing='ij')
    forcing = 0.1 * (np.sin(2 * np.pi * (x + y)) + np.cos(2 * np.pi * (x + y)))
    w = np.sin(2 * np.pi * x) * np.sin(2 * np.pi * y) + np.cos(4 * np.pi * x + 2 * np.pi * y) + 0.5 * np.sin(6 * np.pi * y)
    kx = 2 * np.pi * np.fft.rfftfreq(n, 1 / n)[None, :]
    ky = 2 * np.pi * np.fft.fftfreq(n, 1 / n)[:, None]
    square = kx ** 2 + ky ** 2
    inverse = np.where(square > 0, 1 / np.where(square > 0, square, 1), 0)
    mask = (np.abs(kx) < 2 * np.pi * n / 3) & (np.abs(ky) < 2 * np.pi * n / 3)
    symbol = -viscosity * square * dt
    e, half = np.exp(symbol), np.exp(symbol / 2)
    p1, p2, p3 = phi(symbol)
    q = 0.5 * dt * phi(symbol / 2)[0]
    f1, f2, f3 = dt * (p1 - 3 * p2 + 4 * p3), dt * (p2 - 2 * p3), dt * (4 * p3 - p2)
    force = transforms.forward(forcing) * mask
    # Products with i k and the inverse Laplacian in one array each, as one would write it for speed.
    ikx, iky = 1j * kx, 1j * ky
    ux, uy = 1j * ky * inverse, -1j * kx * inverse

    def nonlinear(s):
        advection = transforms.inverse(ux * s) * transforms.inverse(ikx * s) + transforms.inverse(uy * s) * transforms.inverse(iky * s)
        return force - mask * transforms.forward(advection)

    s = transforms.forward(w) * mask
    best, enstrophy = np.inf, 0
    for repetition in range(repetitions):
        started = time.perf_counter()
        for _ in range(steps):
            nu = nonlinear(s)
            a = half * s + q * nu
            na = nonlinear(a)
            b = half * s + q * na
            nb = nonlinear(b)
            c = half * a + q * (2 * nb - nu)
            nc = nonlinear(c)
            s = e * s + f1 * nu + 2 * f2 * (na + nb) + f3 * nc
        best = min(best, (time.perf_counter() - started) / steps)
        if repetition == 0:
            enstrophy = float(np.mean(transforms.inverse(s) ** 2))
    print(json.dumps({'name': transforms.name, 'size': n, 'seconds': best, 'threads': transforms.threads, 'enstrophy': enstrophy}), flush=True)


for n in map(int, sys.argv[4:]):
    run(NumpyTransforms(n), n)
    if pyfftw:
        for threads in (1, 2):
            run(FftwTransforms(n, threads), n)
