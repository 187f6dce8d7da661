import { expect, test } from "vitest";
import { batchScript } from "#host/cluster/batchScript.ts";
import { createClusterShares } from "#host/cluster/clusterShares.ts";

test("the script for sbatch, with paths that a shell would take apart", () => {
  const script = batchScript({
    checkpoint: "/data/it's a model/model.safetensors.index.json",
    node: "/opt/code server/node",
    program: "/home/me/extensions/gradlens/dist/cli.cjs",
    isElectron: true,
    shareFolder: "/home/me/my shares",
    run: "model.safetensors.index.json-1a2b",
  });
  expect(script).toMatchInlineSnapshot(`
    "#!/bin/bash
    #SBATCH --job-name=gradlens
    #SBATCH --ntasks=4
    #SBATCH --cpus-per-task=4
    #SBATCH --time=01:00:00
    #SBATCH --output="/home/me/my shares/model.safetensors.index.json-1a2b.log"

    # Each task reads its share of the checkpoint. More tasks on more nodes read faster, until the file system is busy.
    # All nodes must see these paths. Gradlens puts the shares together when the job has ended.
    export ELECTRON_RUN_AS_NODE=1
    srun --kill-on-bad-exit=1 '/opt/code server/node' /home/me/extensions/gradlens/dist/cli.cjs norms '/data/it'\\''s a model/model.safetensors.index.json' --distributed --no-merge \\
      --share-folder '/home/me/my shares' --job model.safetensors.index.json-1a2b --threads "\${SLURM_CPUS_PER_TASK:-1}"
    "
  `);
});

test("shares that arrive are announced, and taken once", () => {
  const shares = createClusterShares();
  const heard: string[] = [];
  const listening = shares.onDidPut((path) => heard.push(path));
  shares.put("a", "a.shares");
  listening.dispose();
  shares.put("b", "b.shares");
  expect([heard, shares.take("a"), shares.take("a"), shares.take("c")]).toEqual([
    ["a"],
    "a.shares",
    undefined,
    undefined,
  ]);
});
