"""Passwords for the demo's office: four plain words, fresh at every start and good by the same rule as all others."""

from __future__ import annotations

import secrets

from audit.actions.choosing_passwords import must_be_good
from audit.domain.errors import InvalidField

WORDS = """
acorn amber anchor apron arrow aspen attic bacon badge bagel bamboo basil basket beacon berry birch bison blanket bonnet
bottle bramble brass bridge bronze bucket button cabin cactus candle canoe canyon carrot cedar cellar cherry chestnut
chimney cider cinder clover cobble cocoa comet copper coral cotton cradle cricket crimson crocus crystal curtain cypress
daisy damson dapple denim dolphin donkey drizzle dune easel ember fable falcon feather fennel fern fiddle finch flannel
flint fossil foxglove garlic garnet ginger glacier glove goblet granite gravel hammock harbour harvest hazel heather
hedge heron hickory honey hornet indigo island ivory jasmine jigsaw juniper kestrel kettle ladder lagoon lantern larch
lavender lemon lilac linen lobster locket magnet mallow mango maple marble meadow melon mint mitten mosaic mustard
nectar
nettle nutmeg oatmeal olive onion opal orchard otter paddle panther parsley pebble pepper pewter pigeon pillow pine plum
pocket pollen poppy porridge pottery prairie pumpkin puzzle quarry quartz quilt rabbit radish raven ribbon river robin
rocket rosemary saddle saffron sage salmon sandal satchel scarf sculpt shadow shelter sparrow spindle spruce squirrel
stable starling sunset swallow teapot thimble thistle thunder timber tinsel toffee trellis tulip tunnel turnip turtle
velvet violet walnut warbler wheat whistle willow window winter wombat yarrow
""".split()


def new_passphrase() -> str:
    """Four words that nobody chose, with hyphens between them: about 30 bits, for data that are invented."""
    while True:
        passphrase = "-".join(secrets.choice(WORDS) for _ in range(4))
        try:
            must_be_good(passphrase)
        except InvalidField:
            continue
        return passphrase
