/** What a tensor does in its block. */
export type TensorRole =
  | "embedding"
  | "query"
  | "key"
  | "value"
  | "queryKeyValue"
  | "attentionOutput"
  | "gate"
  | "up"
  | "down"
  | "router"
  | "norm"
  | "bias"
  | "loraA"
  | "loraB"
  | "convolution"
  | "head"
  | "other";

/** The role that a plain name tells, or what of it follows its block; `other` where it tells none. */
export function roleOf(name: string): TensorRole {
  return ROLES.find(([, pattern]) => pattern.test(name))?.[0] ?? "other";
}

/** The first that matches counts: a bias of a norm is a bias, a norm in a feed-forward block a norm. */
const ROLES: readonly (readonly [TensorRole, RegExp])[] = [
  ["loraA", /(?:^|\.)lora_(?:embedding_)?A(?:\.|$)/],
  ["loraB", /(?:^|\.)lora_(?:embedding_)?B(?:\.|$)/],
  ["bias", /(?:^|[._])bias(?:es)?$|(?:^|\.)[qkv]_bias$/],
  ["norm", /norm|(?:^|\.)ln(?:[_\d]\w*)?\.|(?:^|\.)bn\d?\.|(?:^|\.)downsample\.1\./i],
  ["head", /(?:^|\.)(?:lm_head|embed_out|head|classifier|score|fc|pre_classifier|conv_out)\./],
  ["router", /(?:^|\.)(?:router|gate)\.(?:\w+\.)*(?:weight|kernel|wg)$|(?:^|\.)gate$/],
  ["embedding", /embed|(?:^|\.)(?:wte|wpe|shared|cls_token)(?:\.|$)|relative_attention/i],
  ["queryKeyValue", /(?:^|\.)(?:qkv|qkv_proj|query_key_value|c_attn|W_pack|Wqkv|linear_qkv|in_proj\w*)(?:\.|$)/],
  ["query", /(?:^|\.)(?:q|q_proj|query|wq|to_q|q_lin)\./],
  ["key", /(?:^|\.)(?:k|k_proj|key|wk|to_k|k_lin)\./],
  ["value", /(?:^|\.)(?:v|v_proj|value|wv|to_v|v_lin)\./],
  ["gate", /(?:^|\.)(?:gate_proj|w1|wi_0)(?:\.|$)/],
  [
    "down",
    /(?:^|\.)(?:down_proj|fc2|w2|lin2|linear2|linear_fc2|pwconv2|dense_4h_to_h)(?:\.|$)|mlp\.c_proj\.|Dense\.wo\./,
  ],
  [
    "up",
    /(?:^|\.)(?:up_proj|gate_up_proj|fc1|w3|c_fc|lin1|linear1|linear_fc1|pwconv1|dense_h_to_4h|wi|wi_1)(?:\.|$)|intermediate\.dense\./,
  ],
  [
    "attentionOutput",
    /(?:^|\.)(?:o|o_proj|out_proj|wo|to_out|out_lin|linear_proj|out)\.|attn\.(?:c_)?proj\.|attention\.(?:output\.)?dense\./,
  ],
  ["down", /(?:^|\.)output\.dense\./],
  ["convolution", /conv|(?:^|\.)downsample\.0\./i],
];
