//! How much room the stage has, and when that changes.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::layout::Room;

/// The size of an element, once it is on the page; its last one while it is hidden.
#[hook]
pub(super) fn use_room(place: &NodeRef) -> Option<Room> {
    let room = use_state_eq(|| None);
    let setter = room.setter();
    use_effect_with(place.clone(), move |place| {
        let watch = place.cast::<Element>().map(|element| Watch::on(&element, setter));
        move || drop(watch)
    });
    *room
}

struct Watch {
    observer: ResizeObserver,
    _onresize: Closure<dyn FnMut()>,
}

impl Watch {
    fn on(element: &Element, room: UseStateSetter<Option<Room>>) -> Self {
        let observed = element.clone();
        let onresize = Closure::<dyn FnMut()>::new(move || {
            let size = (observed.client_width(), observed.client_height());
            if size.0 > 0 {
                room.set(Some(Room { width: f64::from(size.0), height: f64::from(size.1) }));
            }
        });
        let observer = ResizeObserver::new(onresize.as_ref().unchecked_ref())
            .expect("a callback is all that an observer needs");
        observer.observe(element);
        Self { observer, _onresize: onresize }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
