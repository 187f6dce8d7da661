import { createPartOpener } from "#codings/partOpener.ts";
import { isComplex } from "#core/dtype.ts";
import type { SpectralNorm } from "#core/spectrum.ts";
import { checkReducible } from "#reduction/reduce.ts";
import { asMatrix } from "#reduction/spectral/matrixRows.ts";
import { spectralNorm } from "#reduction/spectral/spectralNorm.ts";
import { t } from "@vscode/l10n";
import { valueOf } from "../errors.ts";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { withCheckpoint } from "../checkpoints/withCheckpoint.ts";

export interface NamedSpectrum extends SpectralNorm {
  readonly name: string;
}

/** The largest singular value of one tensor of a checkpoint, by its name. Rejects with a sentence for people. */
export async function computeSpectrum(path: string, name: string, signal?: AbortSignal): Promise<NamedSpectrum> {
  return withCheckpoint(path, async (checkpoint) => spectrumOf(checkpoint, { path, name, signal }));
}

interface Wanted {
  readonly path: string;
  readonly name: string;
  readonly signal: AbortSignal | undefined;
}

async function spectrumOf(checkpoint: OpenCheckpoint, { path, name, signal }: Wanted): Promise<NamedSpectrum> {
  const opener = createPartOpener();
  try {
    const entry = checkpoint.tensors.find((tensor) => tensor.name === name);
    if (entry === undefined) {
      throw new Error(t("{0}: there is no tensor {1} in it.", path, name));
    }
    if (isComplex(entry.dtype)) {
      throw new Error(t("{0}: {1} is complex, of which no spectral norm is computed.", path, name));
    }
    const reducible = valueOf(checkReducible(entry), path);
    const matrix = valueOf(
      asMatrix(reducible, (part) => opener.open(part, checkpoint.fileOf(part).readInto), signal),
      path,
    );
    return { name, ...(await spectralNorm(matrix.readRows, matrix)) };
  } finally {
    await opener.close();
  }
}
