"""Archives: the same pipeline over as many articles as there are, with every sentence translated once.

`source` gives articles one by one, `asking` turns their segments into questions that are the same wherever the same
sentence stands, `store` keeps the answers, `answering` is the only part that meets a model, `outlets` write what came
of it, `run` is the line all of them stand in. `pace` says how fast it goes.
"""
