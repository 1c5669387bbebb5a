"""How complete an archive is: what each source saw, missing ids, days with too few articles.

Decides what counts as missing, and can queue it again. It may import store and lower, but
not verify.
"""
