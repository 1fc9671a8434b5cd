"""The citizen portal (群众端): one's own matter by number and plate, evidence, objection, rating, who looked.

Server-rendered and complete without JavaScript. Nobody signs in: whoever knows the number on the paper and the plate (or
the code given when a report was made) is let in, attempts are counted, and what is shown names nobody.
"""
