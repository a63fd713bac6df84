"""Peers of bench/fft-2d.ts: numpy.fft, scipy.fft and FFTW (through pyfftw) on one thread and on two. One JSON line per method, kind and size.

usage: fft-2d.py REPETITIONS SIZE...
"""
import json
import sys
import time

import numpy as np

try:
    import scipy.fft
except ImportError:
    scipy = None
try:
    import pyfftw
except ImportError:
    pyfftw = None
    print('pyfftw is missing: FFTW is left out', file=sys.stderr)

repetitions = int(sys.argv[1])


def numbers(length):
    out = np.empty(length)
    state = 12345
    for i in range(length):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = state / 2 ** 31 - 1
    return out


def report(name, kind, size, threads, transform):
    result = transform()
    first = float(abs(result[1, 1]))
    for _ in range(4):
        transform()
    best = np.inf
    for _ in range(repetitions):
        started = time.perf_counter()
        transform()
        best = min(best, time.perf_counter() - started)
    print(json.dumps({'name': name, 'kind': kind, 'size': size, 'threads': threads, 'seconds': best, 'first': first}), flush=True)


values = numbers(2 * max(map(int, sys.argv[2:])) ** 2)
for n in map(int, sys.argv[2:]):
    real = values[:n * n].reshape(n, n).copy()
    pairs = values[:2 * n * n].reshape(n, n, 2)
    both = pairs[..., 0] + 1j * pairs[..., 1]
    report('numpy.fft', 'real', n, 1, lambda: np.fft.rfft2(real))
    report('numpy.fft', 'complex', n, 1, lambda: np.fft.fft2(both))
    if scipy:
        report('scipy.fft', 'real', n, 1, lambda: scipy.fft.rfft2(real, workers=1))
        report('scipy.fft', 'complex', n, 1, lambda: scipy.fft.fft2(both, workers=1))
    if not pyfftw:
        continue
    for threads in (1, 2):
        options = dict(axes=(0, 1), threads=threads, flags=('FFTW_MEASURE', 'FFTW_DESTROY_INPUT'))
        source, target = pyfftw.empty_aligned((n, n)), pyfftw.empty_aligned((n, n // 2 + 1), dtype=complex)
        plan = pyfftw.FFTW(source, target, **options)

        def transform(plan=plan, source=source, target=target, data=real):
            plan.execute()
            return target
        source[:] = real
        report('FFTW', 'real', n, threads, transform)
        place = pyfftw.empty_aligned((n, n), dtype=complex)
        inside = pyfftw.FFTW(place, place, **options)
        place[:] = both

        def transform_inside(plan=inside, place=place):
            plan.execute()
            return place
        report('FFTW in place', 'complex', n, threads, transform_inside)
