/** What a tensor's name tells of it, as far as a rule must know it. */
export interface TensorFacts {
  /** Softmax attention does not change when every key moves alike: the gradient of a key's bias is 0, up to rounding. */
  readonly isKeyBias: boolean;
  /** The weight of the same module, for a bias. */
  readonly weights: readonly string[];
  /** Equal for the same tensor of all experts of a layer; undefined outside of mixtures of experts. */
  readonly expertGroup: string | undefined;
  /** The tensor of an output head, which may be the embedding under a second name. */
  readonly isHead: boolean;
  readonly isEmbedding: boolean;
}

const KEY_BIAS = /(?:^|[./_])(?:k_proj|key|k)[./]bias$/i;
const BIAS = /^(.*[./])bias$/i;
const EXPERT = /((?:^|[./])(?:local_)?experts?[./_])\d+(?=[./])/i;
const HEAD =
  /(?:^|[./])(?:lm_head|embed_out|output_layer|head|output_projection|output_embeddings?)[./](?:weight|kernel)$/i;
const EMBEDDING =
  /(?:^|[./])(?:wte|embed_tokens|embed_in|word_embeddings?|tok_embeddings?|token_embedd?ings?|shared|embedding)[./](?:weight|kernel|embedding)$/i;

export function factsOf(tensor: string): TensorFacts {
  const module = BIAS.exec(tensor)?.[1];
  return {
    isKeyBias: KEY_BIAS.test(tensor),
    weights: module === undefined ? [] : ["weight", "kernel", "scale"].map((name) => module + name),
    expertGroup: EXPERT.test(tensor) ? tensor.replace(EXPERT, "$1*") : undefined,
    isHead: HEAD.test(tensor),
    isEmbedding: EMBEDDING.test(tensor),
  };
}
