"""Own cells for the cases: each a text in the cell language, with what it is there to try."""

OWN = {
    "peephole-lstm": """# LSTM whose gates also look at the memory
state a, c
c~<t>  = tanh(W_c [a<t-1>, x<t>] + b_c)
Γ_f<t> = σ(W_f [a<t-1>, x<t>] + p_f * c<t-1> + b_f)
Γ_u<t> = σ(W_u [a<t-1>, x<t>] + p_u * c<t-1> + b_u)
c<t>   = Γ_u<t> * c~<t> + Γ_f<t> * c<t-1>
Γ_o<t> = σ(W_o [a<t-1>, x<t>] + p_o * c<t> + b_o)
a<t>   = Γ_o<t> * tanh(c<t>)""",
    "minimal-gated-unit": """state a
Γ_f<t> = σ(W_f [a<t-1>, x<t>] + b_f)
c~<t> = tanh(W_c [Γ_f<t> * a<t-1>, x<t>] + b_c)
a<t> = (1 - Γ_f<t>) * a<t-1> + Γ_f<t> * c~<t>""",
    "coupled-gates": """state a, c
c~<t> = tanh(W_c [a<t-1>, x<t>] + b_c)
Γ_u<t> = σ(W_u [a<t-1>, x<t>] + b_u)
Γ_f<t> = 1 - Γ_u<t>
Γ_o<t> = σ(W_o [a<t-1>, x<t>] + b_o)
c<t> = Γ_u<t> * c~<t> + Γ_f<t> * c<t-1>
a<t> = Γ_o<t> * tanh(c<t>)""",
    "residual": """state a
output o
a<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)
o<t> = a<t> + x<t>""",
    "layernorm": """state a
a<t> = tanh(layernorm(W_a [a<t-1>, x<t>]) * g_a + b_a)""",
    "layernorm-lstm": """state a, c
c~<t>  = tanh(layernorm(W_c [a<t-1>, x<t>]) * g_c + b_c)
Γ_f<t> = σ(layernorm(W_f [a<t-1>, x<t>]) * g_f + b_f)
Γ_u<t> = σ(layernorm(W_u [a<t-1>, x<t>]) * g_u + b_u)
Γ_o<t> = σ(layernorm(W_o [a<t-1>, x<t>]) * g_o + b_o)
c<t>   = Γ_u<t> * c~<t> + Γ_f<t> * c<t-1>
a<t>   = Γ_o<t> * tanh(layernorm(c<t>) * g_m + b_m)""",
    "batchnorm": """state a
a<t> = tanh(batchnorm(W_a [a<t-1>, x<t>]) * g_a + b_a)""",
    "powers": """state a
u<t> = W_u [a<t-1>, x<t>] + b_u
a<t> = u<t> / (1 + u<t>^2) + 0.25 * (u<t> - 1)^3 / (4 + exp(-u<t>))""",
    "logarithm": """state a
u<t> = W_u [a<t-1>, x<t>] + b_u
v<t> = log(1 + exp(u<t>))
a<t> = v<t> / (1 + sum(v<t>))""",
    "attention-like": """state a
s<t> = softmax(W_s [a<t-1>, x<t>] + b_s)
a<t> = tanh(W_ax x<t> + sum(s<t> * a<t-1>) + b_a) * s<t>""",
    "aliases": """# other spellings, values without <t>, an activation
activation g = swish
state a, c
G_u<t> = sigma(W_u [a<t-1>, x<t>] + b_u)   # Γ_u
Gamma_r<t> = σ(W_r [a<t-1>, x<t>] + b_r)
c~<t> = g(W_c [Γ_r × a<t-1>, x<t>] + b_c)
c<t> = Γ_u ⊙ c~ + (1 - G_u) ∗ c<t-1>
a<t> = Gamma_r<t> · tanh(c)""",
    "minus-and-binding": """state a
u<t> = -W_u x<t> * v_a + b_u - W_aa a<t-1>
a<t> = -u<t>^2 * 0.5 + tanh(u<t>) / 2 / (1 + relu(u<t>)) - -0.125""",
    "three-states": """state p, a, q
p<t> = tanh(W_p [a<t-1>, q<t-1>, x<t>] + b_p)
q<t> = 0.5 * q<t-1> + p<t>
a<t> = leaky_relu(W_a [p<t>, q<t>] + V_a x<t>) * 0.5""",
    "shared-terms": """state a
r<t> = σ(W_r [a<t-1>, x<t>])
u<t> = tanh(W_u [r<t> * a<t-1>, x<t>])
v<t> = tanh(W_v [r<t> * a<t-1>, r<t> * a<t-1>]) + V_v tanh(U_v (r<t> * a<t-1>))
a<t> = u<t> * v<t> + 0.5 * a<t-1>""",
    "products-of-products": """state a
u<t> = U_a V_a x<t> + W_u (x<t> * x<t>)
a<t> = tanh(U_a (W_a (V_a x<t> * a<t-1>))) + Y_a (W_a (V_a x<t> * a<t-1>)) * u<t>""",
    "two-matrix-terms": """state a
z~<t> = relu(W_aa a<t-1> + W_ax x<t>) + σ(V_ax x<t> + c_a)
a<t> = tanh(U_a z~<t> + b_a)""",
}

# Names that the language gives to pre-activations, where it leaves no doubt.
NAMED = {
    "minimal-gated-unit": {
        "z_f": "W_f [a<t-1>, x<t>] + b_f",
        "z_c": "W_c [Γ_f<t> * a<t-1>, x<t>] + b_c",
    },
    "peephole-lstm": {
        "z_f": "W_f [a<t-1>, x<t>] + p_f * c<t-1> + b_f",
        "z_o": "W_o [a<t-1>, x<t>] + p_o * c<t> + b_o",
    },
}
