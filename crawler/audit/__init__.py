"""How complete an archive is: what each source showed, missing ids, days with few articles.

Decides what counts as missing, and can queue it again. It may import store and lower, but not
verify.
"""
