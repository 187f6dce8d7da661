import { existsSync } from "node:fs";

/** Whether asking for a GPU is worth the time it takes. Only Linux tells by its files that there is none. */
export function mayHaveGpu(): boolean {
  return process.platform !== "linux" || GPU_FILES.some((path) => existsSync(path));
}

/** NVIDIA's own driver; any graphics card; Windows seen from WSL. */
const GPU_FILES = ["/dev/nvidia0", "/dev/dri/renderD128", "/dev/dxg"];
