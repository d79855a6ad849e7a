# SPDX-License-Identifier: Apache-2.0
"""Small WAVE files, each with content of its own: masters for tests that need many."""
import array
import random
import wave


def write(path, seed, seconds=0.4, channels=1, rate=48000):
    """16-bit noise; one seed gives the same bytes every time, another seed other ones."""
    noise = random.Random(seed)
    samples = array.array("h", noise.randbytes(2 * channels * int(rate * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path
