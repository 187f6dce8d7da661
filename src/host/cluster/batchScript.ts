import { shellWord } from "#core/shellWord.ts";

export interface BatchScript {
  /** The checkpoint's path. */
  readonly checkpoint: string;
  /** Node and the command-line program, by their paths on this machine. */
  readonly node: string;
  readonly program: string;
  /** Whether that Node is the one inside Electron. */
  readonly isElectron: boolean;
  /** Where the tasks put their shares, below a folder with the run's name. */
  readonly shareFolder: string;
  readonly run: string;
}

/** A script for sbatch that people look over, and change, before it is submitted. */
export function batchScript({ checkpoint, node, program, isElectron, shareFolder, run }: BatchScript): string {
  const command = [node, program, "norms", checkpoint, "--distributed", "--no-merge"];
  return [
    "#!/bin/bash",
    "#SBATCH --job-name=gradlens",
    "#SBATCH --ntasks=4",
    "#SBATCH --cpus-per-task=4",
    "#SBATCH --time=01:00:00",
    `#SBATCH --output="${shareFolder}/${run}.log"`,
    "",
    "# Each task reads its share of the checkpoint. More tasks on more nodes read faster, until the file system is busy.",
    "# All nodes must see these paths. Gradlens puts the shares together when the job has ended.",
    ...(isElectron ? ["export ELECTRON_RUN_AS_NODE=1"] : []),
    `srun --kill-on-bad-exit=1 ${command.map(shellWord).join(" ")} \\`,
    `  --share-folder ${shellWord(shareFolder)} --job ${shellWord(run)} --threads "\${SLURM_CPUS_PER_TASK:-1}"`,
    "",
  ].join("\n");
}
