import type { PbfReader } from "pbf";
import { nextField, passOver } from "../shared/eventProto.ts";
import type { FieldPlace } from "../shared/eventProto.ts";

/** The numbers among the hyperparameters in HParamsPluginData, as TensorBoard's hparams plugin stores them. */
export function readHparams(pbf: PbfReader, content: FieldPlace): Record<string, number> {
  const found: [string, number][] = [];
  for (const session of placesOf(pbf, content, 3)) {
    for (const entry of placesOf(pbf, session, 1)) {
      const [name] = placesOf(pbf, entry, 1);
      const [value] = placesOf(pbf, entry, 2);
      const number = value === undefined ? undefined : readNumber(pbf, value);
      if (name !== undefined && number !== undefined) {
        found.push([new TextDecoder().decode(pbf.buf.subarray(name.start, name.end)), number]);
      }
    }
  }
  return Object.fromEntries<number>(found);
}

/** Where the messages or texts under a field lie. */
function placesOf(pbf: PbfReader, { start, end }: FieldPlace, wanted: number): FieldPlace[] {
  const places: FieldPlace[] = [];
  pbf.pos = start;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === wanted) {
      const place = { start: 0, end: 0 };
      passOver(pbf, place);
      places.push(place);
    }
  }
  return places;
}

/** The number of a google.protobuf.Value, undefined for texts and the like. */
function readNumber(pbf: PbfReader, { start, end }: FieldPlace): number | undefined {
  pbf.pos = start;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 2) {
      return pbf.readDouble();
    }
  }
  return undefined;
}
