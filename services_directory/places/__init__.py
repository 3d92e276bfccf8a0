"""Where somebody says they are, resolved offline: ZIP, town, part of town, landmark or corner."""

from services_directory.places.looking import choose, look_up, resolve, warm_up
from services_directory.places.place import Ambiguous, Found, Place, Reading
from services_directory.places.zips import zip_place

__all__ = ["Ambiguous", "Found", "Place", "Reading", "choose", "look_up", "resolve", "warm_up", "zip_place"]
