"""Layouts that no installed library writes: names as the vendors' code spells them; each says whose code it is."""

from __future__ import annotations

from tests.inspector.anatomy.layouts import Layout, block

V, A, L, O = "vision_encoder", "audio_encoder", "language_model", "other"  # noqa: E741

TIMM = block("blocks", "norm1=norm.1 norm2=norm.2 attn.qkv=qkv attn.proj=attn.out")
TIMM_FC = block("blocks", "mlp.fc1=mlp.fc1 mlp.fc2=mlp.fc2")
TOKENS = "cls_token=cls_token@1,1,D pos_embed=pos_embed@1,17,D"
CLIP = block("transformer.resblocks", "ln_1=norm.1 ln_2=norm.2 attn.out_proj=attn.out mlp.c_fc=mlp.fc1 "
              "mlp.c_proj=mlp.fc2")  # fmt: skip
WHISPER = block("encoder.blocks", "attn_ln=norm.1 mlp_ln=norm.2 attn.query=attn.q attn.value=attn.v attn.out=attn.out "
                 "mlp.0=mlp.fc1 mlp.2=mlp.fc2")  # fmt: skip
FAIRSEQ = block("encoder.layers", "self_attn.q_proj=attn.q self_attn.k_proj=attn.k self_attn.v_proj=attn.v "
                 "self_attn.out_proj=attn.out self_attn_layer_norm=norm.1 fc1=mlp.fc1 fc2=mlp.fc2 "
                 "final_layer_norm=norm.2")  # fmt: skip
SIGLIP = block("encoder.encoder.layers", "self_attn.q_proj=attn.q self_attn.k_proj=attn.k self_attn.v_proj=attn.v "
                "self_attn.out_proj=attn.out layer_norm1=norm.1 layer_norm2=norm.2 mlp.fc1=mlp.fc1 "
                "mlp.fc2=mlp.fc2")  # fmt: skip

LAYOUTS: dict[str, Layout] = {
    "CLIP (openai, open_clip)": Layout(
        "openai/CLIP, model.py", V, "clip", prefix="visual.",
        values="class_embedding=cls_token@D positional_embedding=pos_embed proj=head@D,24",
        weights="conv1=patch_embed", both="ln_pre=norm.pre ln_post=norm.post " + CLIP + block(
            " transformer.resblocks", "attn.in_proj_=qkv")),
    "CLIP ResNet (openai)": Layout(
        "openai/CLIP, model.py", V, "clip_resnet", prefix="visual.",
        weights="conv1=stem.conv@D,3,3,3 conv2=conv2@D,D,3,3 conv3=conv3@D,D,3,3 "
        "layer1.{L}.conv1=conv1@D,D,1,1 layer1.{L}.conv2=conv2@D,D,3,3 layer1.{L}.conv3=conv3@D,D,1,1",
        both="bn1=stem.norm bn2=norm.2 bn3=norm.3 attnpool.q_proj=pool.q attnpool.k_proj=pool.k attnpool.v_proj=pool.v "
        "attnpool.c_proj=pool.out layer1.{L}.bn1=norm.1 layer1.{L}.bn2=norm.2 layer1.{L}.bn3=norm.3",
        values="attnpool.positional_embedding=pos_embed"),
    "Qwen-VL": Layout(
        "vLLM, qwen_vl.py", V, "qwen_vl", prefix="transformer.visual.",
        values="positional_embedding=pos_embed@256,208 proj=head@208,208", weights="conv1=patch_embed@208,3,4,4",
        both="ln_pre=norm.pre@208 ln_post=norm.post@208 " + block(
            "transformer.resblocks", "ln_1=norm.1@208 ln_2=norm.2@208 attn.in_proj=heads@624,208 "
            "attn.out_proj=attn.out@208,208 mlp.c_fc=mlp.fc1@M,208 mlp.c_proj=mlp.fc2@208,M")),
    "DINOv2 giant (Meta)": Layout(
        "dinov2, vision_transformer.py", V, "dinov2", prefix="teacher.backbone.",
        values=TOKENS + " register_tokens=reg_tokens@1,4,D mask_token=mask_token@1,D "
        "blocks.{L}.ls1.gamma=ls.1 blocks.{L}.ls2.gamma=ls.2",
        both="patch_embed.proj=patch_embed norm=norm.post " + TIMM + block(
            " blocks", "mlp.w12=gate_up mlp.w3=mlp.down")),
    "DINOv3 (Meta)": Layout(
        "dinov3, vision_transformer.py", V, "dinov3",
        values="cls_token=cls_token@1,1,D storage_tokens=reg_tokens@1,4,D mask_token=mask_token@1,D "
        "blocks.{L}.ls1.gamma=ls.1 blocks.{L}.ls2.gamma=ls.2",
        both="patch_embed.proj=patch_embed norm=norm.post " + TIMM + " " + TIMM_FC,
        extra=block("blocks", "attn.qkv.bias_mask=@W")),
    "DINOv3 7B (Meta)": Layout(
        "dinov3, vision_transformer.py", V, "dinov3",
        values="cls_token=cls_token@1,1,D storage_tokens=reg_tokens@1,4,D mask_token=mask_token@1,D "
        "blocks.{L}.ls1.gamma=ls.1 blocks.{L}.ls2.gamma=ls.2",
        both="patch_embed.proj=patch_embed norm=norm.post " + TIMM + block(
            " blocks", "mlp.w1=mlp.gate mlp.w2=mlp.up mlp.w3=mlp.down")),
    "EVA-CLIP g, E, 8B (BAAI)": Layout(
        "EVA-CLIP, eva_vit_model.py", V, "eva", prefix="visual.",
        values=TOKENS + " blocks.{L}.attn.q_bias=attn.q:bias@D blocks.{L}.attn.v_bias=attn.v:bias@D",
        weights="blocks.{L}.attn.qkv=qkv", both="patch_embed.proj=patch_embed norm=norm.post head=head " + block(
            "blocks", "norm1=norm.1 norm2=norm.2 attn.proj=attn.out") + " " + TIMM_FC),
    "EVA-02-CLIP L (BAAI)": Layout(
        "EVA-CLIP, eva_vit_model.py", V, "eva", prefix="visual.",
        values=TOKENS + " blocks.{L}.attn.q_bias=attn.q:bias@D blocks.{L}.attn.v_bias=attn.v:bias@D",
        weights=block("blocks", "attn.q_proj=attn.q attn.k_proj=attn.k attn.v_proj=attn.v"),
        both="patch_embed.proj=patch_embed norm=norm.post head=head " + block(
            "blocks", "norm1=norm.1 norm2=norm.2 attn.inner_attn_ln=attn.norm attn.proj=attn.out mlp.w1=mlp.gate "
            "mlp.w2=mlp.up mlp.w3=mlp.down mlp.ffn_ln=mlp.norm")),
    "InternViT (OpenGVLab)": Layout(
        "InternVL, modeling_intern_vit.py", V, "internvit", prefix="vision_model.",
        values="embeddings.class_embedding=cls_token@1,1,D embeddings.position_embedding=pos_embed@1,17,D "
        "encoder.layers.{L}.ls1=ls.1 encoder.layers.{L}.ls2=ls.2",
        weights=block("encoder.layers", "attn.q_norm=attn.q_norm attn.k_norm=attn.k_norm norm1=norm.1 norm2=norm.2"),
        both="embeddings.patch_embedding=patch_embed " + block(
            "encoder.layers", "attn.qkv=qkv attn.proj=attn.out mlp.fc1=mlp.fc1 mlp.fc2=mlp.fc2")),
    "AIMv2 (Apple)": Layout(
        "ml-aim, aim-v2", V, "aimv2", values="preprocessor.pos_embed=pos_embed@1,16,D",
        weights="preprocessor.patchifier.norm=norm.pre trunk.post_trunk_norm=norm.post " + block(
            "trunk.blocks", "norm_1=norm.1 norm_2=norm.2 attn.qkv=qkv attn.proj=attn.out mlp.fc1=mlp.gate "
            "mlp.fc3=mlp.up mlp.fc2=mlp.down"), both="preprocessor.patchifier.proj=patch_embed"),
    "MoonViT (Moonshot)": Layout(
        "vLLM, moonvit.py", V, "moonvit", prefix="vision_tower.", weights="patch_embed.pos_emb=pos_embed@8,8,D",
        both="patch_embed.proj=patch_embed encoder.final_layernorm=norm.post " + block(
            "encoder.blocks", "norm0=norm.1 norm1=norm.2 wqkv=qkv wo=attn.out mlp.fc0=mlp.fc1 mlp.fc1=mlp.fc2")),
    "Kimi K2.5 (transformers)": Layout(
        "transformers, kimi_k25/modeling_kimi_k25.py", V, "moonvit", prefix="model.vision_tower.",
        values="patch_embed.pos_emb.position_embeddings=pos_embed@8,8,D",
        both="patch_embed.proj=patch_embed final_layernorm=norm.post " + block(
            "layers", "norm1=norm.1 norm2=norm.2 attn.q_proj=attn.q attn.k_proj=attn.k attn.v_proj=attn.v "
            "attn.proj=attn.out mlp.fc1=mlp.fc1 mlp.fc2=mlp.fc2")),
    "SAM (Meta)": Layout(
        "segment-anything, image_encoder.py", V, "sam", prefix="image_encoder.",
        values="pos_embed=pos_embed@1,4,4,D " + block(
            "blocks", "attn.rel_pos_h=attn.rel_pos_h@7,8 attn.rel_pos_w=attn.rel_pos_w@7,8"),
        weights="neck.0=neck#0@16,D,1,1 neck.2=neck#2@16,16,3,3",
        both="patch_embed.proj=patch_embed neck.1=neck#1@16 neck.3=neck#3@16 " + TIMM + block(
            " blocks", "mlp.lin1=mlp.fc1 mlp.lin2=mlp.fc2")),
    "SAM 2 (Meta)": Layout(
        "sam2, backbones/hieradet.py", V, "sam2", prefix="image_encoder.",
        values="trunk.pos_embed=pos_embed@1,D,7,7 trunk.pos_embed_window=pos_embed.window@1,D,8,8",
        both="trunk.patch_embed.proj=patch_embed@D,3,7,7 trunk.blocks.1.proj=stage.proj#L1 " + block(
            "trunk.blocks", "norm1=norm.1 norm2=norm.2 attn.qkv=qkv attn.proj=attn.out mlp.layers.0=mlp.fc1 "
            "mlp.layers.1=mlp.fc2")),
    "Pixtral (Mistral)": Layout(
        "mistral-inference, vision_encoder.py", V, "pixtral", prefix="vision_encoder.",
        weights="patch_conv=patch_embed ln_pre=norm.pre " + block(
            "transformer.layers", "attention_norm=norm.1 ffn_norm=norm.2 attention.wq=attn.q attention.wk=attn.k "
            "attention.wv=attn.v attention.wo=attn.out feed_forward.w1=mlp.gate feed_forward.w3=mlp.up "
            "feed_forward.w2=mlp.down")),
    "Llama 3.2 Vision (Meta)": Layout(
        "llama-models, multimodal", V, "mllama", prefix="vision_model.vision_encoder.",
        values="class_embedding=cls_token@D positional_embedding=pos_embed "
        "gated_positional_embedding=pos_embed.tile@4,4,17,D gated_positional_embedding_gate=pos_embed.gate@1",
        weights="conv1._linear=patch_embed@D,192 " + block(
            "transformer.resblocks", "attn.wq=attn.q attn.wk=attn.k attn.wv=attn.v attn.wo=attn.out"),
        both="ln_pre=norm.pre ln_post=norm.post " + block(
            "transformer.resblocks", "ln_1=norm.1 ln_2=norm.2 mlp.c_fc=mlp.fc1 mlp.c_proj=mlp.fc2")),
    "GLM-4V (EVA2CLIP)": Layout(
        "vLLM, glm4v.py", V, "eva2clip", prefix="transformer.vision.",
        values="patch_embedding.cls_embedding=cls_token@1,D", weights="patch_embedding.position_embedding=pos_embed",
        both="patch_embedding.proj=patch_embed conv=neck@M,D,2,2 " + block(
            "transformer.layers", "input_layernorm=norm.1 post_attention_layernorm=norm.2 "
            "attention.query_key_value=qkv attention.dense=attn.out mlp.fc1=mlp.fc1 mlp.fc2=mlp.fc2")),
    "HyperCLOVA X SEED TA-Tok": Layout(
        "OmniServe, ta_tok.py", V, "ta_tok", prefix="model.discrete_vision_model.",
        values="encoder.head.probe=pool.probe@1,1,D",
        weights="encoder.embeddings.position_embedding=pos_embed bottleneck.regularizer.embedding=embed@64,16",
        both="encoder.embeddings.patch_embedding=patch_embed encoder.post_layernorm=norm.post "
        "encoder.head.attention.in_proj_=pool_qkv encoder.head.attention.out_proj=pool.out "
        "encoder.head.layernorm=pool.norm@D encoder.head.mlp.fc1=pool.fc1@M,D encoder.head.mlp.fc2=pool.fc2@D,M "
        "bottleneck.in_linear=stem.proj bottleneck.out_linear=stage.proj " + SIGLIP),
    "HyperCLOVA X SEED vision": Layout(
        "OmniServe, model_converter", V, "qwen2_5_vl", prefix="model.vision_model.",
        weights="patch_embed.proj=patch_embed@D,3,2,P,P " + block("blocks", "norm1=norm.1 norm2=norm.2"),
        both=block("blocks", "attn.qkv=qkv attn.proj=attn.out mlp.gate_proj=mlp.gate mlp.up_proj=mlp.up "
                    "mlp.down_proj=mlp.down")),
    "Whisper (openai)": Layout(
        "openai/whisper, model.py", A, "whisper", values="encoder.positional_embedding=pos_embed@50,D",
        weights="encoder.blocks.{L}.attn.key=attn.k",
        both="encoder.conv1=conv1@D,80,3 encoder.conv2=conv2@D,D,3 encoder.ln_post=norm.post " + WHISPER),
    "CosyVoice 2 tokenizer (HyperCLOVA X SEED)": Layout(
        "S3Tokenizer, model_v2.py", A, "s3_tokenizer", prefix="model.discrete_audio_model.",
        weights="encoder.blocks.{L}.attn.key=attn.k encoder.blocks.{L}.attn.fsmn_block=attn.memory@D,1,31",
        both="encoder.conv1=conv1@D,128,3 encoder.conv2=conv2@D,D,3 quantizer._codebook.project_down=head@8,D "
        + WHISPER),
    "wav2vec 2.0, HuBERT (fairseq)": Layout(
        "fairseq, wav2vec2.py", A, "wav2vec2", prefix="w2v_encoder.w2v_model.",
        values="mask_emb=mask_token@D encoder.pos_conv.0.weight_g=pos_conv:weight_g@1,1,8 "
        "encoder.pos_conv.0.weight_v=pos_conv:weight_v@D,8,8 encoder.pos_conv.0.bias=pos_conv:bias@D",
        weights="feature_extractor.conv_layers.{0..2}.0=stem.conv",
        both="feature_extractor.conv_layers.0.2=stem.norm#0 post_extract_proj=stem.proj layer_norm=stem.proj_norm "
        "encoder.layer_norm=norm.post " + FAIRSEQ),
    "WavLM (unilm)": Layout(
        "unilm, wavlm/WavLM.py", A, "wav2vec2",
        values="mask_emb=mask_token@D encoder.layers.{L}.self_attn.grep_a=attn.rel_gate@1,4,1,1",
        weights="feature_extractor.conv_layers.{0..2}.0=stem.conv "
        "encoder.layers.0.self_attn.relative_attention_bias=attn.rel_pos#L0@20,4",
        both="post_extract_proj=stem.proj layer_norm=stem.proj_norm encoder.layer_norm=norm.post "
        "encoder.layers.{L}.self_attn.grep_linear=attn.rel_gate@8,8 " + FAIRSEQ),
    "BEATs (unilm)": Layout(
        "unilm, beats/BEATs.py", A, "beats",
        values="encoder.layers.{L}.self_attn.grep_a=attn.rel_gate@1,4,1,1",
        weights="patch_embedding=patch_embed@D,1,16,16 "
        "encoder.layers.0.self_attn.relative_attention_bias=attn.rel_pos#L0@20,4",
        both="post_extract_proj=stem.proj layer_norm=stem.proj_norm encoder.layer_norm=norm.post "
        "encoder.layers.{L}.self_attn.grep_linear=attn.rel_gate@8,8 " + FAIRSEQ),
    "AST (MIT)": Layout(
        "YuanGongND/ast, ast_models.py", A, "ast", prefix="module.",
        values="v.cls_token=cls_token@1,1,D v.dist_token=reg_tokens@1,1,D v.pos_embed=pos_embed@1,17,D",
        both="v.patch_embed.proj=patch_embed@D,1,16,16 v.norm=norm.post mlp_head.1=head " + block(
            "v.blocks", "norm1=norm.1 norm2=norm.2 attn.qkv=qkv attn.proj=attn.out mlp.fc1=mlp.fc1 mlp.fc2=mlp.fc2"),
        extra="mlp_head.0.weight=@D mlp_head.0.bias=@D"),
    "Conformer (NeMo)": Layout(
        "NeMo, conformer_encoder.py", A, "conformer", prefix="encoder.",
        values=block("layers", "self_attn.pos_bias_u=attn.pos_u@4,8 self_attn.pos_bias_v=attn.pos_v@4,8 "
                      "conv.batch_norm.running_mean=conv.norm:mean@D conv.batch_norm.running_var=conv.norm:var@D"),
        weights="layers.{L}.self_attn.linear_pos=attn.pos_proj",
        both="pre_encode.out=stem.proj pre_encode.conv.0=stem.conv#0@D,1,3,3 pre_encode.conv.2=stem.conv#2@D,1,3,3 "
        + block("layers", "norm_feed_forward1=norm.ffn1 feed_forward1.linear1=ffn1.fc1 feed_forward1.linear2=ffn1.fc2 "
                 "norm_conv=norm.conv conv.pointwise_conv1=conv.pw1 conv.depthwise_conv=conv.dw "
                 "conv.batch_norm=conv.norm conv.pointwise_conv2=conv.pw2 norm_self_att=norm.1 "
                 "self_attn.linear_q=attn.q self_attn.linear_k=attn.k self_attn.linear_v=attn.v "
                 "self_attn.linear_out=attn.out norm_feed_forward2=norm.ffn2 feed_forward2.linear1=ffn2.fc1 "
                 "feed_forward2.linear2=ffn2.fc2 norm_out=norm.out")),
    "CLAP (LAION)": Layout(
        "LAION-AI/CLAP, htsat.py", A, "clap", prefix="module.audio_branch.",
        both="bn0=stem.norm patch_embed.proj=patch_embed@D,1,4,4 patch_embed.norm=norm.pre norm=norm.post "
        "layers.0.downsample.norm=stage.norm#0@D " + block(
            "layers.0.blocks", "norm1=norm.1 norm2=norm.2 attn.qkv=qkv attn.proj=attn.out mlp.fc1=mlp.fc1 "
            "mlp.fc2=mlp.fc2"), weights="layers.0.downsample.reduction=stage.proj#0@64,128"),
    "GPT (nanoGPT, not turned)": Layout(
        "nanoGPT, model.py", L, "gpt2", prefix="transformer.",
        weights="wte=embed wpe=pos_embed ln_f=norm.post " + block(
            "h", "ln_1=norm.1 ln_2=norm.2 attn.c_attn=qkv attn.c_proj=attn.out mlp.c_fc=mlp.fc1 mlp.c_proj=mlp.fc2")),
    "GPT-2 (openai names, turned)": Layout(
        "transformers, pytorch_utils.py (Conv1D)", L, "gpt2", weights="wte=embed wpe=pos_embed",
        both="ln_f=norm.post " + block("h", "ln_1=norm.1 ln_2=norm.2 attn.c_attn=qkv attn.c_proj=attn.out "
                                        "mlp.c_fc=mlp.fc1 mlp.c_proj=mlp.fc2"),
        turned=("c_attn", "c_proj", "c_fc")),
    "Qwen (first)": Layout(
        "vLLM, qwen.py", L, "qwen", prefix="transformer.",
        weights="wte=embed ln_f=norm.post " + block(
            "h", "ln_1=norm.1 ln_2=norm.2 attn.c_proj=attn.out mlp.w2=mlp.gate mlp.w1=mlp.up mlp.c_proj=mlp.down"),
        both=block("h", "attn.c_attn=qkv")),
    "Mixtral (Mistral)": Layout(
        "mistral-inference, moe.py", L, "llama",
        weights="tok_embeddings=embed norm=norm.post output=head@90,D " + block(
            "layers", "attention_norm=norm.1 ffn_norm=norm.2 attention.wq=attn.q attention.wk=attn.k "
            "attention.wv=attn.v attention.wo=attn.out feed_forward.gate=mlp.router "
            "feed_forward.experts.{0..2}.w1=mlp.gate feed_forward.experts.{0..2}.w2=mlp.down "
            "feed_forward.experts.{0..2}.w3=mlp.up")),
    "LSTM (torch)": Layout(
        "torch, nn/modules/rnn.py", O, "recurrent", prefix="lstm.",
        values="weight_ih_l{L}=rnn.ih:weight@128,D weight_hh_l{L}=rnn.hh:weight@128,D bias_ih_l{L}=rnn.ih:bias@128 "
        "bias_hh_l{L}=rnn.hh:bias@128"),
    "GRU, both directions (torch)": Layout(
        "torch, nn/modules/rnn.py", O, "recurrent",
        values="weight_ih_l{L}=rnn.ih:weight@96,D weight_hh_l{L}=rnn.hh:weight@96,D "
        "weight_ih_l{L}_reverse=rnn.ih_reverse:weight@96,D weight_hh_l{L}_reverse=rnn.hh_reverse:weight@96,D"),
}  # fmt: skip
