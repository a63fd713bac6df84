"""Writes bench/learning/curves.json: losses and norms of first gradients of the tiny models in double precision, which bench/learning/curves.test.ts holds ours against where PyTorch is missing.

usage: reference.py
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
curves = {}
for name in ('fno-2d', 'fno-1d', 'unet', 'deeponet', 'pinn-2d', 'laplacian-10d'):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([sys.executable, os.path.join(here, 'peer.py'), name, directory, '--size', 'tiny', '--precision', 'float64', '--only', 'curve', '--steps', '50'], check=True)
        with np.load(os.path.join(directory, f'{name}-float64.npz')) as file:
            gradients = {key[9:]: float(np.linalg.norm(file[key])) for key in file.files if key.startswith('gradient.')}
            curves[name] = {'losses': file['losses'].tolist(), 'gradients': gradients, 'output': float(np.linalg.norm(file['output.initial']))}
with open(os.path.join(here, '..', 'learning', 'curves.json'), 'w') as out:
    out.write('{\n' + ',\n'.join(f'  {json.dumps(name)}: {json.dumps(curve)}' for name, curve in curves.items()) + '\n}\n')
