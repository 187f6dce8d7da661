import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createFaultyWorker } from "./faultyWorker.ts";
import type { FaultyWorker } from "./faultyWorker.ts";
import { createScene } from "./requests.ts";
import type { Scene } from "./requests.ts";

/** A scene and a worker for its requests, both there while tests run. */
export interface SceneWorker {
  readonly scene: Scene;
  readonly worker: FaultyWorker;
}

/** One for all tests of a file, or one for each. */
export function useSceneWorker(per: "file" | "test"): SceneWorker {
  const [before, after] = per === "file" ? [beforeAll, afterAll] : [beforeEach, afterEach];
  let made: SceneWorker | undefined;
  before(async () => {
    const scene = await createScene();
    made = { scene, worker: await createFaultyWorker(`${scene.path}/programs`) };
  });
  after(async () => {
    made?.worker.client.dispose();
    await made?.scene.dispose();
  });

  function current(): SceneWorker {
    if (made === undefined) {
      throw new Error("The scene is made before the tests.");
    }
    return made;
  }

  return {
    get scene() {
      return current().scene;
    },
    get worker() {
      return current().worker;
    },
  };
}
